using Orleans.Serialization.Wire;

namespace Orleans.Serialization.Codecs;

/// <summary>Bytes; the large ones travel beside the message's buffer.</summary>
internal sealed class ByteArrayCodec : Codec<byte[]?>
{
    public override void Write(FrameWriter writer, byte[]? value)
    {
        writer.WriteByte(value is null ? (byte)0 : (byte)1);
        if (value is not null) writer.WriteBlob(value);
    }

    public override byte[]? Read(FrameReader reader) => reader.ReadByte() == 0 ? null : reader.ReadBlob();

    public override byte[]? Copy(byte[]? value, int depth) => value?.AsSpan().ToArray();
}

/// <inheritdoc cref="ByteArrayCodec"/>
internal sealed class MemoryCodec : Codec<Memory<byte>>
{
    public override void Write(FrameWriter writer, Memory<byte> value) => writer.WriteBlob(value);

    public override Memory<byte> Read(FrameReader reader) => reader.ReadBlob();

    public override Memory<byte> Copy(Memory<byte> value, int depth) => value.ToArray();
}

/// <inheritdoc cref="ByteArrayCodec"/>
internal sealed class ReadOnlyMemoryCodec : Codec<ReadOnlyMemory<byte>>
{
    public override void Write(FrameWriter writer, ReadOnlyMemory<byte> value) => writer.WriteBlob(value);

    public override ReadOnlyMemory<byte> Read(FrameReader reader) => reader.ReadBlob();

    /// <summary>Whoever made the memory may still write to what it shows.</summary>
    public override ReadOnlyMemory<byte> Copy(ReadOnlyMemory<byte> value, int depth) => value.ToArray();
}

/// <summary>Numbers as they lie in memory.</summary>
internal sealed class UnmanagedArrayCodec<T> : Codec<T[]?> where T : unmanaged
{
    public override unsafe void Write(FrameWriter writer, T[]? value)
    {
        writer.WriteByte(value is null ? (byte)0 : (byte)1);
        if (value is null) return;
        writer.WriteVarUInt((ulong)value.Length);
        writer.WriteUnmanaged<T>(value);
    }

    public override unsafe T[]? Read(FrameReader reader) =>
        reader.ReadByte() == 0 ? null : reader.ReadUnmanaged<T>(reader.ReadCount(sizeof(T)));

    public override T[]? Copy(T[]? value, int depth) => value?.AsSpan().ToArray();
}
