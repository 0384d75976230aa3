using System.Buffers;
using System.Buffers.Binary;

namespace Grpc.Core.Wire;

/// <summary>What stands before each message: one byte that says whether it is compressed, four of its length.</summary>
internal readonly record struct MessageFrame(bool IsCompressed, int Length)
{
    public const int HeaderSize = 5;

    public static void Write(Span<byte> header, int length)
    {
        header[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(header[1..], (uint)length);
    }

    public static MessageFrame Read(ReadOnlySpan<byte> header)
    {
        if (header[0] > 1)
            throw new InvalidDataException("Unexpected compressed flag value in message header.");

        var length = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        return length <= int.MaxValue
            ? new MessageFrame(header[0] == 1, (int)length)
            : throw new InvalidDataException($"Message too large: {length} bytes.");
    }

    public static MessageFrame? TryRead(in ReadOnlySequence<byte> buffer)
    {
        if (buffer.Length < HeaderSize)
            return null;

        Span<byte> header = stackalloc byte[HeaderSize];
        buffer.Slice(0, HeaderSize).CopyTo(header);
        return Read(header);
    }

    /// <summary>Refuses what this side cannot or may not read.</summary>
    public void Check(int? maxSize, string? encoding)
    {
        if (Length > maxSize)
            throw new RpcException(WireStatus.ReceivedTooLarge);
        if (IsCompressed)
            throw new RpcException(WireStatus.Compressed(encoding));
    }
}
