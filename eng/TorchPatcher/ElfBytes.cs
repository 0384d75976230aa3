using System.Buffers.Binary;
using System.Text;

namespace VaeCluster.TorchPatcher;

/// <summary>The bytes of an ELF file, little-endian. Access beyond the end throws <see cref="ElfFormatException"/>.</summary>
internal sealed class ElfBytes(byte[] file)
{
    public int Length => file.Length;

    public ushort U16(long offset) => BinaryPrimitives.ReadUInt16LittleEndian(Span(offset, 2));

    public uint U32(long offset) => BinaryPrimitives.ReadUInt32LittleEndian(Span(offset, 4));

    /// <summary>An address, offset or size. None of a real file comes near 2^63.</summary>
    public long U64(long offset) =>
        BinaryPrimitives.ReadInt64LittleEndian(Span(offset, 8)) is >= 0 and var value
            ? value
            : throw new ElfFormatException($"the number at offset {offset} is out of range");

    public ReadOnlySpan<byte> Span(long offset, long length)
    {
        if (offset < 0 || length < 0 || offset > file.Length || length > file.Length - offset)
            throw new ElfFormatException($"it ends at byte {file.Length}, and refers to {length} bytes at offset {offset}");
        return file.AsSpan((int)offset, (int)length);
    }

    /// <summary>The string from an offset to its NUL, which must come before <paramref name="end"/>.</summary>
    public string Text(long offset, long end)
    {
        var bytes = Span(offset, end - offset);
        var length = bytes.IndexOf((byte)0);
        return length >= 0
            ? Encoding.Latin1.GetString(bytes[..length])
            : throw new ElfFormatException($"the string at offset {offset} has no end");
    }
}
