using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using Orleans.Runtime.Messaging;

namespace Orleans.Runtime.Networking;

/// <summary>
/// Cuts a stream of bytes into frames. Small frames are handed over where they lie in the buffer; the segments of large ones go
/// from the socket to the array that the message will hold.
/// </summary>
internal sealed class FrameReceiver(Socket socket, int bytesMax) : IDisposable
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>A buffer that one large frame made larger than this is given back after it.</summary>
    private const int BufferBytesKept = 1024 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private int _start;
    private int _end;

    /// <summary>Receives until the other side closes.</summary>
    /// <exception cref="InvalidMessageFrameException">What arrives is not a frame, or larger than is taken here.</exception>
    public async Task RunAsync(Action<FrameBody> handle)
    {
        while (await HaveAsync(Frame.HeadBytes))
        {
            var (inline, segmentCount) = ReadHead();
            var whole = Frame.HeadBytes + inline + (4 * segmentCount);
            if (!await HaveAsync(whole)) throw new InvalidMessageFrameException("The connection was closed within a message.");
            var body = _start + Frame.HeadBytes;
            var segments = Allocate(body + inline, segmentCount, inline);
            _start += whole;
            foreach (var segment in segments) await ReadSegmentAsync(segment);
            handle(new(_buffer, body, inline, segments));
            if (_start == _end && _buffer.Length > BufferBytesKept) Replace(BufferBytes);
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private (int Inline, int SegmentCount) ReadHead()
    {
        var inline = BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(_start));
        var segmentCount = BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(_start + 4));
        if (inline < 0 || inline > bytesMax || segmentCount is < 0 or > Frame.SegmentsMax)
        {
            throw new InvalidMessageFrameException(
                $"A frame announces {inline} bytes and {segmentCount} segments; at most {bytesMax} bytes and {Frame.SegmentsMax} segments are taken.");
        }

        return (inline, segmentCount);
    }

    private byte[][] Allocate(int at, int count, long totalBytes)
    {
        if (count == 0) return [];
        var segments = new byte[count][];
        for (var i = 0; i < count; i++)
        {
            var bytes = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(at + (4 * i)));
            totalBytes += bytes;
            if (totalBytes > bytesMax) throw new InvalidMessageFrameException($"A frame announces {totalBytes} bytes; at most {bytesMax} are taken.");
            segments[i] = GC.AllocateUninitializedArray<byte>((int)bytes);
        }

        return segments;
    }

    private async ValueTask ReadSegmentAsync(byte[] segment)
    {
        var have = Math.Min(segment.Length, _end - _start);
        _buffer.AsSpan(_start, have).CopyTo(segment);
        _start += have;
        while (have < segment.Length)
        {
            var received = await socket.ReceiveAsync(segment.AsMemory(have), SocketFlags.None);
            if (received == 0) throw new InvalidMessageFrameException("The connection was closed within a message.");
            have += received;
        }
    }

    /// <summary>Waits until that many bytes lie from the start of the buffer on; false if the stream ends before the first of them.</summary>
    private async ValueTask<bool> HaveAsync(int bytes)
    {
        while (_end - _start < bytes)
        {
            MakeRoom(bytes);
            var received = await socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None);
            if (received == 0 && _end > _start) throw new InvalidMessageFrameException("The connection was closed within a message.");
            if (received == 0) return false;
            _end += received;
        }

        return true;
    }

    private void MakeRoom(int bytes)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_buffer.Length < bytes) Replace(bytes);
    }

    private void Replace(int bytes)
    {
        var other = ArrayPool<byte>.Shared.Rent(bytes);
        _buffer.AsSpan(_start, _end - _start).CopyTo(other);
        (_start, _end) = (0, _end - _start);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = other;
    }
}
