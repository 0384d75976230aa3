using VaeCluster.Data;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Data.Images;

/// <summary>The resampling, seen through the source: PNG files in, pixels out.</summary>
public sealed class AreaResamplerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _cache = new();

    public void Dispose()
    {
        _folder.Dispose();
        _cache.Dispose();
    }

    [Fact]
    public void Resize_ToTheSameSize_ChangesNothing()
    {
        var pixels = Random(8, 8, 1);

        Assert.Equal(pixels.Select(value => (int)value), Resized(pixels, 8, 8, 8));
    }

    [Fact]
    public void Resize_ToHalf_IsTheMeanOfFour_HalvesUp()
    {
        var pixels = new byte[256];
        (pixels[0], pixels[1], pixels[16], pixels[17]) = (1, 0, 1, 0); // Mean 0.5.
        (pixels[2], pixels[3], pixels[18], pixels[19]) = (10, 11, 10, 10); // Mean 10.25.

        var small = Resized(pixels, 16, 16, 8);

        Assert.Equal([1, 10, 0], small[..3]);
    }

    [Theory]
    [InlineData(64, 64, 0, 8)]
    [InlineData(61, 83, 0, 16)]
    [InlineData(100, 40, 31, 11)]
    [InlineData(5, 5, 0, 13)]
    [InlineData(178, 218, 148, 64)]
    public void Resize_AnySize_IsTheExactMeanOverTheArea(int width, int height, int crop, int size)
    {
        var pixels = Random(width, height, 7);

        var found = Resized(pixels, width, height, size, crop);

        var side = crop > 0 ? crop : Math.Min(width, height);
        var (left, top) = ((width - side) / 2, (height - side) / 2);
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
                Assert.Equal(Mean(pixels, width, left, top, side, size, x, y), found[(y * size) + x]);
        }
    }

    /// <summary>The mean in units of a fine grid, on which both the old and the new pixels have whole sides: no weights, only counts.</summary>
    private static int Mean(byte[] pixels, int width, int left, int top, int side, int size, int x, int y)
    {
        var sum = 0L;
        for (var v = y * side; v < (y + 1) * side; v++)
        {
            for (var u = x * side; u < (x + 1) * side; u++)
                sum += pixels[((top + (v / size)) * width) + left + (u / size)];
        }
        var count = (long)side * side;
        return (int)(((2 * sum) + count) / (2 * count));
    }

    private int[] Resized(byte[] pixels, int width, int height, int size, int crop = 0)
    {
        _folder.Write("a.png", PngWriter.Encode(PngWriter.Grey, width, height, pixels));
        var data = DataSources.Open(ASpec.With("data.source=images", $"data.path={_folder.Path}", $"data.imageSize={size}", $"data.crop={crop}").Data, cacheFolder: _cache.Path);
        var values = new float[data.Dimensions];
        data.CopyTo([0], values);
        return [.. values.Select(value => (int)MathF.Round(255 * value))];
    }

    private static byte[] Random(int width, int height, int seed)
    {
        var bytes = new byte[width * height];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
