using Orleans.Serialization.Wire;

namespace Orleans.Runtime.Messaging;

/// <summary>
/// A received message, or what is left of it after its header. It lies in the connection's buffer, so it is good only until the
/// handler returns; <see cref="Detach"/> makes one that may be kept.
/// </summary>
internal readonly struct FrameBody(byte[] buffer, int offset, int length, byte[][] segments)
{
    public byte[][] Segments { get; } = segments;

    public ReadOnlySpan<byte> Inline => buffer.AsSpan(offset, length);

    public FrameReader Reader(IReferenceBinder? binder) => new(buffer, offset, length, Segments, binder);

    /// <summary>What follows the part that a reader has read.</summary>
    public FrameBody After(FrameReader reader) => new(buffer, reader.Position, reader.Remaining, Segments);

    public FrameBody Detach() => new(Inline.ToArray(), 0, length, Segments);
}
