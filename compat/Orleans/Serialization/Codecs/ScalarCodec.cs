using Orleans.Serialization.Wire;

namespace Orleans.Serialization.Codecs;

/// <summary>A value without parts that is never changed in place.</summary>
internal sealed class ScalarCodec<T>(WireKind kind, Action<FrameWriter, T> write, Func<FrameReader, T> read) : Codec<T>
{
    public override WireKind Kind => kind;

    public override bool IsImmutable => true;

    public override void Write(FrameWriter writer, T value) => write(writer, value);

    public override T Read(FrameReader reader) => read(reader);

    public override T Copy(T value, int depth) => value;
}
