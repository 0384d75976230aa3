using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Orleans.Serialization.Wire;

/// <summary>Reads one message. What arrives is not trusted: every length is checked against what is there.</summary>
internal sealed class FrameReader
{
    private readonly byte[] _buffer;
    private readonly int _end;
    private readonly byte[][] _segments;
    private int _position;

    public FrameReader(byte[] buffer, int offset, int length, byte[][] segments, IReferenceBinder? binder)
    {
        _buffer = buffer;
        _position = offset;
        _end = offset + length;
        _segments = segments;
        Binder = binder;
    }

    /// <summary>Gives grain references their way back into the cluster.</summary>
    public IReferenceBinder? Binder { get; }

    public DepthGuard Depth { get; } = new();

    public int Position => _position;

    public int Remaining => _end - _position;

    public byte ReadByte() => Take(1)[0];

    public uint ReadFixed4() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong ReadFixed8() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public ulong ReadVarUInt()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = ReadByte();
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) return value;
        }

        throw new SerializerException("A number in the message is longer than 64 bits.");
    }

    public long ReadVarInt()
    {
        var value = ReadVarUInt();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public ReadOnlySpan<byte> ReadBytes(int count) => Take(count);

    public string? ReadString()
    {
        var length = ReadVarUInt();
        return length == 0 ? null : Encoding.UTF8.GetString(Take(CheckedLength(length - 1)));
    }

    /// <summary>The blob in an array of its own: nobody else holds it.</summary>
    public byte[] ReadBlob()
    {
        var head = ReadVarUInt();
        if ((head & 1) == 0) return Take(CheckedLength(head >> 1)).ToArray();

        var index = head >> 1;
        if (index >= (ulong)_segments.Length)
        {
            throw new SerializerException($"The message refers to its segment {index}; it has {_segments.Length}.");
        }

        return _segments[index];
    }

    public T[] ReadUnmanaged<T>(int count) where T : unmanaged
    {
        var bytes = Take(checked(count * Unsafe.SizeOf<T>()));
        var values = GC.AllocateUninitializedArray<T>(count);
        bytes.CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    /// <summary>A number of elements that takes at least <paramref name="bytesEach"/> bytes each.</summary>
    public int ReadCount(int bytesEach = 1)
    {
        var count = ReadVarUInt();
        if (count > (ulong)(Remaining / bytesEach))
        {
            throw new SerializerException($"The message announces {count} elements; only {Remaining} bytes of it are left.");
        }

        return (int)count;
    }

    public int BeginSized()
    {
        var length = CheckedLength(ReadFixed4());
        return _position + length;
    }

    /// <summary>Steps to the end of a sized value, over what a newer writer may have put there.</summary>
    public void EndSized(int end) => _position = end;

    public void Skip(WireKind kind)
    {
        switch (kind)
        {
            case WireKind.VarInt: ReadVarUInt(); break;
            case WireKind.Fixed4: Take(4); break;
            case WireKind.Fixed8: Take(8); break;
            default: EndSized(BeginSized()); break;
        }
    }

    private int CheckedLength(ulong length) => length <= (ulong)Remaining
        ? (int)length
        : throw new SerializerException($"The message announces {length} bytes; only {Remaining} of it are left.");

    private ReadOnlySpan<byte> Take(int bytes)
    {
        if (bytes > Remaining) throw new SerializerException($"The message ends early: {bytes} bytes are missing where {Remaining} are left.");
        var span = new ReadOnlySpan<byte>(_buffer, _position, bytes);
        _position += bytes;
        return span;
    }
}
