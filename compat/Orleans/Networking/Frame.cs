using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Orleans.Serialization.Wire;

namespace Orleans.Runtime.Networking;

/// <summary>
/// A frame on the wire: eight bytes of head (the length of the inline part, the number of segments), the inline part, the lengths of
/// the segments, and the segments themselves.
/// </summary>
internal static class Frame
{
    public const int HeadBytes = 8;

    /// <summary>A message of this system has one or two blobs; a frame that announces more than this many is not a message.</summary>
    public const int SegmentsMax = 4096;

    public static FrameWriter New()
    {
        var frame = new FrameWriter();
        frame.WriteFixed8(0);
        return frame;
    }

    /// <summary>Fills in the head and appends the lengths of the segments, after which the frame is ready to send.</summary>
    public static void Seal(FrameWriter frame)
    {
        var inline = frame.Length - HeadBytes;
        foreach (var segment in frame.Segments) frame.WriteFixed4((uint)segment.Length);
        var head = MemoryMarshal.AsMemory(frame.Written).Span;
        BinaryPrimitives.WriteInt32LittleEndian(head, inline);
        BinaryPrimitives.WriteInt32LittleEndian(head[4..], frame.Segments.Count);
    }

    public static void AddTo(List<ArraySegment<byte>> pieces, FrameWriter frame)
    {
        pieces.Add(ArrayOf(frame.Written));
        foreach (var segment in frame.Segments) pieces.Add(ArrayOf(segment));
    }

    private static ArraySegment<byte> ArrayOf(ReadOnlyMemory<byte> memory) =>
        MemoryMarshal.TryGetArray(memory, out var segment) ? segment : new(memory.ToArray());
}
