using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Orleans.Runtime;
using Orleans.Serialization.Objects;
using Orleans.Serialization.Wire;

namespace Orleans.Serialization.Codecs;

/// <summary>
/// Exceptions keep their type where the other side knows it, their message, their inner exceptions and, as text, their stack.
/// </summary>
internal sealed class ExceptionCodec<T> : Codec<T?> where T : Exception
{
    public override void Write(FrameWriter writer, T? value) => ExceptionWire.Write(writer, value);

    public override T? Read(FrameReader reader) => ExceptionWire.Read(reader) switch
    {
        null => null,
        T exception => exception,
        var other => throw new SerializerException($"The message carries a {other.GetType()} where a {typeof(T)} belongs.", other),
    };

    public override T? Copy(T? value, int depth) => value;
}

/// <inheritdoc cref="ExceptionCodec{T}"/>
internal static class ExceptionWire
{
    private static readonly ConcurrentDictionary<Type, IExceptionMembers> Members = new();

    public static void Write(FrameWriter writer, Exception? value)
    {
        writer.WriteByte(value is null ? (byte)0 : (byte)1);
        if (value is null) return;
        writer.Depth.Enter(value.GetType());
        writer.WriteString(TypeNames.NameOf(value.GetType()));
        writer.WriteString(value.Message);
        writer.WriteString(value.StackTrace);
        writer.WriteVarInt(value.HResult);
        Exception[] inner = value switch
        {
            AggregateException aggregate => [.. aggregate.InnerExceptions],
            { InnerException: { } one } => [one],
            _ => [],
        };
        writer.WriteVarUInt((ulong)inner.Length);
        foreach (var exception in inner) Write(writer, exception);
        WriteMembers(writer, value);
        writer.Depth.Leave();
    }

    public static Exception? Read(FrameReader reader)
    {
        if (reader.ReadByte() == 0) return null;
        reader.Depth.Enter(typeof(Exception));
        var typeName = reader.ReadString() ?? "";
        var message = reader.ReadString() ?? "";
        var stack = reader.ReadString();
        var hresult = (int)reader.ReadVarInt();
        var inner = new Exception?[reader.ReadCount()];
        for (var i = 0; i < inner.Length; i++) inner[i] = Read(reader);
        var exception = Rebuild(typeName, message, [.. inner.OfType<Exception>()]);
        exception.HResult = hresult;
        if (!string.IsNullOrEmpty(stack)) ExceptionDispatchInfo.SetRemoteStackTrace(exception, stack);
        ReadMembers(reader, exception, TypeNames.NameOf(exception.GetType()) == typeName);
        reader.Depth.Leave();
        return exception;
    }

    private static void WriteMembers(FrameWriter writer, Exception value)
    {
        var begin = writer.BeginSized();
        if (TypeModel.IsMarked(value.GetType())) MembersOf(value.GetType()).Write(writer, value);
        writer.EndSized(begin);
    }

    private static void ReadMembers(FrameReader reader, Exception value, bool sameType)
    {
        var end = reader.BeginSized();
        if (sameType && end > reader.Position && TypeModel.IsMarked(value.GetType())) MembersOf(value.GetType()).Read(reader, value);
        reader.EndSized(end);
    }

    private static IExceptionMembers MembersOf(Type type) => Members.GetOrAdd(
        type, static t => (IExceptionMembers)Activator.CreateInstance(typeof(ExceptionMembers<>).MakeGenericType(t))!);

    private static Exception Rebuild(string typeName, string message, Exception[] inner)
    {
        if (TryResolve(typeName) is not { } type)
        {
            return new OrleansException($"{typeName.Split(',')[0].TrimStart('#')}: {message}", inner.FirstOrDefault()!);
        }

        if (type == typeof(AggregateException)) return new AggregateException(inner);

        // Not through a constructor: what its first text means differs (ArgumentNullException's is a parameter's name).
        var exception = (Exception)RuntimeHelpers.GetUninitializedObject(type);
        Message(exception) = message;
        Inner(exception) = inner.FirstOrDefault();
        return exception;
    }

    /// <summary>The type, if it says of itself that it can be made again: it is marked, or can be made of a message.</summary>
    private static Type? TryResolve(string name)
    {
        Type type;
        try
        {
            type = TypeNames.Resolve(name);
        }
        catch (SerializerException)
        {
            // The text then names the type, which is what the caller gets to see.
            return null;
        }

        var usable = typeof(Exception).IsAssignableFrom(type) && !type.IsAbstract
            && (TypeModel.IsMarked(type) || type.GetConstructor(BindingFlags.Instance | BindingFlags.Public, [typeof(string)]) is not null);
        return usable ? type : null;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_message")]
    private static extern ref string? Message(Exception exception);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_innerException")]
    private static extern ref Exception? Inner(Exception exception);
}
