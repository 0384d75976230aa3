using System.Buffers.Binary;
using System.IO.Compression;

namespace VaeCluster.Tests.Support;

/// <summary>Makes PNG files of every colour type and depth, and malformed ones, by the letter of ISO/IEC 15948.</summary>
internal static class PngWriter
{
    public const byte Grey = 0;
    public const byte Rgb = 2;
    public const byte Palette = 3;
    public const byte GreyAlpha = 4;
    public const byte Rgba = 6;

    /// <param name="colorType">One of the constants.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="samples">Row after row, as the file holds them.</param>
    /// <param name="depth">Bits of a sample: 8 or 16.</param>
    /// <param name="palette">Triples, for that type.</param>
    /// <param name="extra">A chunk before the pixels.</param>
    public static byte[] Encode(byte colorType, int width, int height, byte[] samples, byte depth = 8, byte[]? palette = null, byte[]? extra = null)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (depth, colorType);
        return [0x89, .. "PNG\r\n\x1A\n"u8, .. Chunk("IHDR"u8, header), .. extra ?? [], .. palette is null ? [] : Chunk("PLTE"u8, palette), .. Chunk("IDAT"u8, Deflate(samples, height)), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Deflate(byte[] samples, int height)
    {
        using var content = new MemoryStream();
        using (var zlib = new ZLibStream(content, CompressionLevel.Fastest))
        {
            var rowBytes = height == 0 ? 0 : samples.Length / height;
            for (var row = 0; row < height; row++)
            {
                zlib.WriteByte(0); // No filter.
                zlib.Write(samples, row * rowBytes, rowBytes);
            }
        }
        return content.ToArray();
    }

    public static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
    {
        byte[] content = [.. type, .. data];
        var (length, check) = (new byte[4], new byte[4]);
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(check, Crc(content));
        return [.. length, .. content, .. check];
    }

    /// <summary>The cyclic redundancy check of annex D, a bit at a time.</summary>
    private static uint Crc(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }
        return ~crc;
    }
}
