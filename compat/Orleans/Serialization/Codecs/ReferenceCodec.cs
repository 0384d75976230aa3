using Orleans.Runtime;
using Orleans.Serialization.Wire;

namespace Orleans.Serialization.Codecs;

/// <summary>A reference to a grain or an observer: its identity travels, and the other side makes a reference of its own.</summary>
internal sealed class ReferenceCodec<T> : Codec<T?> where T : class, IAddressable
{
    public override bool IsImmutable => false;

    public override void Write(FrameWriter writer, T? value)
    {
        writer.WriteByte(value is null ? (byte)0 : (byte)1);
        if (value is null) return;
        var reference = Reference(value);
        writer.WriteString(reference.GrainId.Type.ToString());
        writer.WriteString(reference.GrainId.Key.ToString());
        writer.WriteString(typeof(T).IsInterface && typeof(T) != typeof(IAddressable) ? null : TypeNames.NameOf(InterfaceOf(reference)));
    }

    public override T? Read(FrameReader reader)
    {
        if (reader.ReadByte() == 0) return null;
        var id = GrainId.Create(reader.ReadString() ?? "", reader.ReadString() ?? "");
        var type = reader.ReadString() is { } name ? TypeNames.Resolve(name) : typeof(T);
        var binder = reader.Binder ?? throw new SerializerException($"A reference to {id} cannot be read outside of a silo or a client.");
        return (T)(object)binder.Create(id, type);
    }

    /// <summary>References are shared; a grain object itself must not leave its activation, so its reference goes.</summary>
    public override T? Copy(T? value, int depth) => value is null or GrainReference ? value : (T)(object)Reference(value);

    private static GrainReference Reference(T value) => value switch
    {
        GrainReference reference => reference,
        IGrainObserver when value is not IGrainBase => throw new SerializerException(
            $"{value.GetType()} is an observer object; pass what IGrainFactory.CreateObjectReference<{typeof(T).Name}>(observer) returns in its place."),
        _ when typeof(T).IsInterface => (GrainReference)(object)value.AsReference<T>(),
        _ => value.AsGrainReference(),
    };

    private static Type InterfaceOf(GrainReference reference) => reference.Shared.Contract.Type;
}
