using System.Security.Cryptography;
using VaeCluster.Tests.Support;
using VaeCluster.Training.Pictures;

namespace VaeCluster.Tests.Training.Pictures;

public sealed class PngFileTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(7, 3, 1)]
    [InlineData(3, 7, 3)]
    [InlineData(500, 400, 3)]
    public void Encode_ThenDecode_IsTheSame(int width, int height, int channels)
    {
        var pixels = RandomNumberGenerator.GetBytes(width * height * channels);

        var image = PngReader.Read(PngFile.Encode(pixels, width, height, channels));

        Assert.Equal((width, height, channels), (image.Width, image.Height, image.Channels));
        Assert.Equal(pixels, image.Pixels);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    public void Encode_OtherChannels_Throws(int channels) =>
        Assert.StartsWith(
            "A picture has 1 channel (grey) or 3 (RGB).",
            Assert.Throws<ArgumentOutOfRangeException>(nameof(channels), () => PngFile.Encode(new byte[12], 2, 2, channels)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Encode_PixelsThatDoNotFillIt_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PngFile.Encode(new byte[11], 2, 2, 3));
}
