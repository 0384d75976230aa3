using System.Buffers.Binary;
using VaeCluster.Data.Images;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Data.Images;

public sealed class ImageDecoderTests
{
    private const string TruncatedPng = "is truncated: a PNG file ends with IEND, and this one does not";
    private const string TruncatedJpeg = "is truncated: a JPEG file ends with the bytes FFD9, and this one does not";

    public static TheoryData<byte, byte, byte[], int, byte[]> Pngs => new()
    {
        { PngWriter.Grey, 8, [7], 1, [7] },
        { PngWriter.Grey, 16, [100, 255], 1, [100] },
        { PngWriter.Grey, 16, [0, 255], 1, [0] },
        { PngWriter.GreyAlpha, 8, [100, 51], 3, [224, 224, 224] },
        { PngWriter.GreyAlpha, 16, [100, 255, 51, 255], 3, [224, 224, 224] },
        { PngWriter.Rgb, 8, [1, 2, 3], 3, [1, 2, 3] },
        { PngWriter.Rgb, 16, [1, 255, 2, 255, 3, 255], 3, [1, 2, 3] },
        { PngWriter.Rgba, 8, [10, 20, 30, 0], 3, [255, 255, 255] },
        { PngWriter.Rgba, 8, [10, 20, 30, 1], 3, [254, 254, 254] },
        { PngWriter.Rgba, 8, [10, 20, 30, 255], 3, [10, 20, 30] },
        { PngWriter.Rgba, 16, [10, 255, 20, 255, 30, 255, 51, 255], 3, [206, 208, 210] },
    };

    [Theory]
    [MemberData(nameof(Pngs))]
    public void Decode_PngOfEachKind_GivesItsUpperBytesOverWhite(byte colorType, byte depth, byte[] pixel, int channels, byte[] expected)
    {
        var image = ImageDecoder.Decode(PngWriter.Encode(colorType, 1, 1, pixel, depth));

        Assert.Equal((1, 1, channels), (image.Width, image.Height, image.Channels));
        Assert.Equal(expected, image.Pixels);
    }

    [Fact]
    public void Decode_JpegOfOneColour_KeepsIt()
    {
        var grey = ImageDecoder.Decode(JpegWriter.Grey(16, 8, [.. Enumerable.Repeat((byte)200, 128)]));
        var color = ImageDecoder.Decode(JpegWriter.Rgb(8, 16, [.. Enumerable.Repeat((byte[])[200, 100, 50], 128).SelectMany(pixel => pixel)]));
        var progressive = ImageDecoder.Decode(JpegWriter.Progressive);

        Assert.Equal((16, 8, 1), (grey.Width, grey.Height, grey.Channels));
        Assert.All(grey.Pixels, value => Assert.Equal(200, value));
        Assert.Equal((8, 16, 3), (color.Width, color.Height, color.Channels));
        // As far as luma and chroma of eight bits give it.
        Assert.All(color.Pixels.Chunk(3), pixel => Assert.All(pixel.Zip((byte[])[200, 100, 50]), pair => Assert.InRange(pair.First - pair.Second, -2, 2)));
        Assert.Equal(1, progressive.Channels);
        Assert.All(progressive.Pixels, value => Assert.Equal(90, value));
    }

    [Fact]
    public void Decode_PngCutAnywhere_IsTruncated()
    {
        var file = PngWriter.Encode(PngWriter.Rgb, 40, 40, RandomBytes(40 * 40 * 3));

        // Behind the letters of IEND there is only their check sum.
        Assert.All(Enumerable.Range(4, file.Length - 4 - 4), length => Assert.Equal(TruncatedPng, ProblemOf(file[..length])));
        Assert.Equal(3, ImageDecoder.Decode(file).Channels);
    }

    [Fact]
    public void Decode_JpegCutAnywhere_IsTruncated()
    {
        var file = JpegWriter.Rgb(40, 40, RandomBytes(40 * 40 * 3));

        Assert.All(Enumerable.Range(2, file.Length - 2), length => Assert.Equal(TruncatedJpeg, ProblemOf(file[..length])));
        Assert.All(Enumerable.Range(2, JpegWriter.Progressive.Length - 2), length => Assert.Equal(TruncatedJpeg, ProblemOf(JpegWriter.Progressive[..length])));
        Assert.Equal(3, ImageDecoder.Decode(file).Channels);
    }

    [Fact]
    public void Decode_JpegCutBehindItsThumbnail_IsTruncated()
    {
        var thumbnail = JpegWriter.Grey(8, 8, new byte[64]);
        var file = WithSegment(JpegWriter.Rgb(40, 40, RandomBytes(40 * 40 * 3)), 0xE1, thumbnail);

        Assert.Equal(TruncatedJpeg, ProblemOf(file[..(file.Length / 2)]));
        Assert.Equal(40, ImageDecoder.Decode(file).Width);
    }

    [Fact]
    public void Decode_PngWithAFlippedBit_IsDamaged()
    {
        var file = PngWriter.Encode(PngWriter.Rgb, 40, 40, RandomBytes(40 * 40 * 3));
        file[file.Length / 2] ^= 1;

        Assert.Equal("is a damaged PNG file (ErrorInInput)", ProblemOf(file));
    }

    [Fact]
    public void Decode_JpegWithNonsenseForMarkers_IsDamaged()
    {
        var file = JpegWriter.Grey(8, 8, new byte[64]);
        file[2] = 0;

        Assert.Equal("is a damaged JPEG file (a marker is missing)", ProblemOf(file));
    }

    [Fact]
    public void Decode_JpegOfAThousandScans_IsRefused()
    {
        // Each scan costs a pass over all pixels, and a few bytes of the file.
        var file = JpegWriter.Progressive;
        var lastScan = file.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        byte[] endless = [.. file[..lastScan], .. Enumerable.Repeat(file[lastScan..^2], 1000).SelectMany(scan => scan), .. file[^2..]];

        Assert.StartsWith("is a damaged JPEG file (", ProblemOf(endless), StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_JpegOfInks_IsRefused() =>
        Assert.Equal("is a CMYK JPEG file; convert it to RGB", ProblemOf(JpegWriter.Cmyk));

    [Fact]
    public void Decode_Empty_IsRefused() => Assert.Equal("is empty", ProblemOf([]));

    [Fact]
    public void Decode_OtherFormats_AreRefused() =>
        Assert.Equal("is neither PNG nor JPEG by its first bytes", ProblemOf([.. "GIF89a"u8, .. new byte[20]]));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 5)]
    [InlineData(5, 0)]
    public void Decode_PngWithoutPixels_IsDamaged(int width, int height) =>
        Assert.StartsWith("is a damaged PNG file (", ProblemOf(PngWriter.Encode(PngWriter.Rgb, width, height, [])), StringComparison.Ordinal);

    [Theory]
    [InlineData(8000, 8001)]
    [InlineData(60_000, 60_000)]
    public void Decode_MoreThan64MillionPixels_IsRefusedBeforeRoomIsMadeForThem(int width, int height)
    {
        var file = PngWriter.Encode(PngWriter.Rgb, width, height, []);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var problem = ProblemOf(file);

        Assert.Equal($"is {width}x{height} pixels; at most 64000000 pixels are decoded", problem);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Decode_JpegThatClaimsManyPixels_IsRefused()
    {
        var file = JpegWriter.Grey(8, 8, new byte[64]);
        var frame = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 5), 60_000);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 7), 60_000);

        Assert.Equal("is 60000x60000 pixels; at most 64000000 pixels are decoded", ProblemOf(file));
    }

    [Fact]
    public void Decode_PngWithGamma_KeepsItsSamples()
    {
        // Samples that are linear in light: applied, 64 would become 137.
        var gamma = PngWriter.Chunk("gAMA"u8, [0, 1, 0x86, 0xA0]);

        var image = ImageDecoder.Decode(PngWriter.Encode(PngWriter.Rgb, 1, 1, [64, 128, 200], extra: gamma));

        Assert.Equal([64, 128, 200], image.Pixels);
    }

    [Fact]
    public void Decode_JpegWithOrientation_IsNotTurned()
    {
        // Big-endian TIFF with one entry: the orientation is 6, a quarter turn.
        byte[] exif = [.. "Exif\0\0MM"u8, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
        var plain = JpegWriter.Grey(16, 8, RandomBytes(128));

        var image = ImageDecoder.Decode(WithSegment(plain, 0xE1, exif));

        Assert.Equal((16, 8), (image.Width, image.Height));
        Assert.Equal(ImageDecoder.Decode(plain).Pixels, image.Pixels);
    }

    /// <summary>A JPEG file with one more segment, right after its start.</summary>
    private static byte[] WithSegment(byte[] file, byte marker, byte[] content)
    {
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(content.Length + 2));
        return [.. file[..2], 0xFF, marker, .. length, .. content, .. file[2..]];
    }

    private static string ProblemOf(byte[] file) => Assert.Throws<BadImageException>(() => ImageDecoder.Decode(file)).Message;

    private static byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
