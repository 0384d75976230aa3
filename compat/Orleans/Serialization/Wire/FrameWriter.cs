using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Orleans.Serialization.Wire;

/// <summary>
/// Writes one message: a growing buffer, and beside it the large blobs, which go to the socket from where they lie.
/// </summary>
internal sealed class FrameWriter : IDisposable
{
    /// <summary>Blobs of at least this many bytes stay out of the buffer: below it a copy is cheaper than a segment.</summary>
    public const int SegmentBytesMin = 64 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(512);
    private int _frozen;

    public int Length { get; private set; }

    /// <summary>The blobs that lie outside of the buffer.</summary>
    public List<ReadOnlyMemory<byte>> Segments { get; } = [];

    public DepthGuard Depth { get; } = new();

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, Length);

    public long TotalBytes
    {
        get
        {
            long total = Length;
            foreach (var segment in Segments) total += segment.Length;
            return total;
        }
    }

    /// <summary>Within an immutable value blobs are not copied; elsewhere the caller may change them after the call returned.</summary>
    public void Freeze() => _frozen++;

    public void Thaw() => _frozen--;

    public void WriteByte(byte value) => Reserve(1)[0] = value;

    public void WriteFixed4(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Reserve(4), value);

    public void WriteFixed8(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Reserve(8), value);

    public void WriteVarUInt(ulong value)
    {
        EnsureRoom(10);
        var at = Length;
        for (; value >= 0x80; value >>= 7) _buffer[at++] = (byte)(value | 0x80);
        _buffer[at++] = (byte)value;
        Length = at;
    }

    /// <summary>Zigzag, so that small negative numbers are short too.</summary>
    public void WriteVarInt(long value) => WriteVarUInt((ulong)((value << 1) ^ (value >> 63)));

    public void WriteBytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Reserve(bytes.Length));

    public void WriteString(string? value)
    {
        if (value is null)
        {
            WriteVarUInt(0);
            return;
        }

        var bytes = Encoding.UTF8.GetByteCount(value);
        WriteVarUInt((ulong)bytes + 1);
        Encoding.UTF8.GetBytes(value, Reserve(bytes));
    }

    /// <summary>Bytes with their length; the low bit says whether they lie in a segment.</summary>
    public void WriteBlob(ReadOnlyMemory<byte> blob)
    {
        if (blob.Length < SegmentBytesMin)
        {
            WriteVarUInt((ulong)blob.Length << 1);
            WriteBytes(blob.Span);
            return;
        }

        WriteVarUInt(((ulong)Segments.Count << 1) | 1);
        Segments.Add(_frozen > 0 ? blob : Snapshot(blob));
    }

    public void WriteUnmanaged<T>(ReadOnlySpan<T> values) where T : unmanaged => WriteBytes(MemoryMarshal.AsBytes(values));

    /// <summary>Leaves room for a length that <see cref="EndSized"/> fills in.</summary>
    public int BeginSized()
    {
        Reserve(4);
        return Length;
    }

    public void EndSized(int begin) => BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(begin - 4), (uint)(Length - begin));

    public void Dispose()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        Length = 0;
        Segments.Clear();
    }

    private static ReadOnlyMemory<byte> Snapshot(ReadOnlyMemory<byte> blob)
    {
        var copy = GC.AllocateUninitializedArray<byte>(blob.Length);
        blob.CopyTo(copy);
        return copy;
    }

    private Span<byte> Reserve(int bytes)
    {
        EnsureRoom(bytes);
        var span = _buffer.AsSpan(Length, bytes);
        Length += bytes;
        return span;
    }

    private void EnsureRoom(int bytes)
    {
        if (_buffer.Length - Length >= bytes) return;
        var larger = ArrayPool<byte>.Shared.Rent(checked((int)Math.Max(Length + (long)bytes, Math.Min(_buffer.Length * 2L, Array.MaxLength))));
        _buffer.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
