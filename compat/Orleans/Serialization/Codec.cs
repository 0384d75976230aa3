using Orleans.Serialization.Wire;

namespace Orleans.Serialization;

/// <summary>Writes, reads and copies the values of one declared type.</summary>
internal abstract class Codec
{
    public abstract Type Type { get; }

    public virtual WireKind Kind => WireKind.Sized;

    /// <summary>Whether a value can be shared in place of copied.</summary>
    public virtual bool IsImmutable => false;

    /// <summary>The declared types within, so that all of them can be checked before the first message.</summary>
    public virtual IEnumerable<Type> Parts => [];

    public abstract void WriteBoxed(FrameWriter writer, object? value);

    public abstract object? ReadBoxed(FrameReader reader);

    public abstract object? CopyBoxed(object? value, int depth);
}

/// <inheritdoc cref="Codec"/>
internal abstract class Codec<T> : Codec
{
    public override Type Type => typeof(T);

    public abstract void Write(FrameWriter writer, T value);

    public abstract T Read(FrameReader reader);

    /// <summary>A copy that shares nothing changeable with the value.</summary>
    public abstract T Copy(T value, int depth);

    public override void WriteBoxed(FrameWriter writer, object? value) => Write(writer, (T)value!);

    public override object? ReadBoxed(FrameReader reader) => Read(reader);

    public override object? CopyBoxed(object? value, int depth) => Copy((T)value!, depth);
}
