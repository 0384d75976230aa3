using SkiaSharp;

namespace VaeCluster.Tests.Support;

/// <summary>The pixels of a PNG file: red, green and blue, row after row.</summary>
internal sealed record PngReader(int Width, int Height, byte[] Pixels)
{
    private const int Channels = 3;

    public ReadOnlySpan<byte> this[int x, int y] => Pixels.AsSpan(((y * Width) + x) * Channels, Channels);

    public static PngReader Read(byte[] file)
    {
        using var codec = SKCodec.Create(new SKMemoryStream(file));
        Assert.NotNull(codec);
        Assert.Equal(SKEncodedImageFormat.Png, codec.EncodedFormat);
        Assert.Equal(SKAlphaType.Opaque, codec.Info.AlphaType);
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        Assert.Equal(SKCodecResult.Success, codec.GetPixels(info, out var rgba));
        return new(info.Width, info.Height, [.. rgba.Where((_, i) => i % 4 < Channels)]);
    }
}
