using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace VaeCluster.Tests.Support;

/// <summary>Decodes the PNG files that we write, by the letter of ISO/IEC 15948: chunks, check sums, zlib stream, unfiltered rows.</summary>
internal sealed record PngReader(int Width, int Height, int Channels, byte[] Pixels)
{
    public static PngReader Read(byte[] file)
    {
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], file[..8]);
        var chunks = ChunksOf(file.AsMemory(8)).ToList();
        Assert.Equal(["IHDR", "IDAT", "IEND"], chunks.Select(chunk => chunk.Type));
        var header = chunks[0].Data.Span;
        Assert.Equal(13, header.Length);
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header[4..]));
        Assert.Equal(8, header[8]);
        Assert.True(header[9] is 0 or 2, $"The colour type is {header[9]}.");
        Assert.Equal([0, 0, 0], header[10..].ToArray()); // Deflate, adaptive filters, no interlacing.
        Assert.Equal(0, chunks[2].Data.Length);
        var channels = header[9] == 0 ? 1 : 3;
        return new(width, height, channels, Unfilter(Inflate(chunks[1].Data), width * channels, height));
    }

    public ReadOnlySpan<byte> this[int x, int y] => Pixels.AsSpan(((y * Width) + x) * Channels, Channels);

    private static IEnumerable<(string Type, ReadOnlyMemory<byte> Data)> ChunksOf(ReadOnlyMemory<byte> rest)
    {
        while (rest.Length > 0)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(rest.Span);
            Assert.Equal(BinaryPrimitives.ReadUInt32BigEndian(rest.Span[(8 + length)..]), Crc(rest.Span.Slice(4, 4 + length)));
            yield return (Encoding.ASCII.GetString(rest.Span.Slice(4, 4)), rest.Slice(8, length));
            rest = rest[(12 + length)..];
        }
    }

    /// <summary>The cyclic redundancy check of annex D, a bit at a time.</summary>
    public static uint Crc(ReadOnlySpan<byte> data)
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

    private static byte[] Inflate(ReadOnlyMemory<byte> data)
    {
        using var zlib = new ZLibStream(new MemoryStream(data.ToArray()), CompressionMode.Decompress);
        using var inflated = new MemoryStream();
        zlib.CopyTo(inflated);
        return inflated.ToArray();
    }

    private static byte[] Unfilter(byte[] rows, int rowBytes, int height)
    {
        Assert.Equal((rowBytes + 1) * height, rows.Length);
        Assert.All(Enumerable.Range(0, height), row => Assert.Equal(0, rows[row * (rowBytes + 1)]));
        return [.. Enumerable.Range(0, height).SelectMany(row => rows.AsSpan((row * (rowBytes + 1)) + 1, rowBytes).ToArray())];
    }
}
