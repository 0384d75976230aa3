using Orleans.Serialization.Wire;

namespace Orleans.Serialization.Objects;

/// <summary>A value whose declared type says little: an interface, an abstract class or <see cref="object"/>.</summary>
internal sealed class PolymorphicCodec<T> : Codec<T?> where T : class
{
    public override void Write(FrameWriter writer, T? value) => Polymorphism.Write(writer, value);

    public override T? Read(FrameReader reader) => Polymorphism.Read<T>(reader, reader.ReadByte());

    public override T? Copy(T? value, int depth) => value is null ? null : Polymorphism.Copy(value, depth);
}

/// <summary>The mark before an object: none, one of exactly the declared type, or one of a type that is named.</summary>
internal static class Polymorphism
{
    public const byte Null = 0;
    public const byte Exact = 1;
    public const byte Named = 2;

    public static void Write(FrameWriter writer, object? value)
    {
        if (value is null)
        {
            writer.WriteByte(Null);
            return;
        }

        var type = TypeOf(value);
        var codec = CodecSet.Get(type);
        writer.WriteByte(Named);
        writer.WriteString(TypeNames.NameOf(type));
        writer.Depth.Enter(type);
        codec.WriteBoxed(writer, value);
        writer.Depth.Leave();
    }

    public static T? Read<T>(FrameReader reader, byte mark) where T : class
    {
        if (mark == Null) return null;
        if (mark != Named) throw new SerializerException($"A {typeof(T)} starts with {mark}; only 0, 1 and 2 are known here.");
        var type = TypeNames.Resolve(reader.ReadString() ?? "");
        if (!typeof(T).IsAssignableFrom(type)) throw new SerializerException($"The message carries a {type} where a {typeof(T)} belongs.");
        reader.Depth.Enter(type);
        var value = CodecSet.Get(type).ReadBoxed(reader);
        reader.Depth.Leave();
        return (T?)value;
    }

    public static T Copy<T>(T value, int depth) where T : class
    {
        if (depth > DepthGuard.LevelsMax) throw DepthGuard.TooDeep(typeof(T));
        return (T)CodecSet.Get(TypeOf(value)).CopyBoxed(value, depth + 1)!;
    }

    /// <summary>Types and proxies are instances of classes that are not theirs to name.</summary>
    private static Type TypeOf(object value) => value switch
    {
        Type => typeof(Type),
        Runtime.GrainReference => typeof(Runtime.GrainReference),
        System.Net.IPAddress => typeof(System.Net.IPAddress),
        _ => value.GetType(),
    };
}
