using VaeCluster.Contracts.Runs;
using VaeCluster.Plots;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Plots;

public sealed class ImageGridTests
{
    private const byte Gap = 48;

    [Fact]
    public void Render_GreyImages_LiesThemOutInRows()
    {
        // Three images of one row of two pixels, magnified 28 times, two in a row.
        var data = new DataDescription(1, 1, 2, 3, 0, "");
        var image = PngReader.Read(ImageGrid.RenderPng([0f, 1f, 0.5f, 0.25f, 2f, -1f], data, 2));

        Assert.Equal((2 + (2 * 58), 2 + (2 * 30)), (image.Width, image.Height));
        // First image, upper left: from (2, 2), each pixel 28 wide and high.
        Assert.Equal([0, 255], new[] { image[2, 2][0], image[30, 29][0] });
        // Second, to the right.
        Assert.Equal([128, 64], new[] { image[60, 2][0], image[115, 29][0] });
        // Third, below; what lies outside of [0, 1] is cut off.
        Assert.Equal([255, 0], new[] { image[2, 32][0], image[57, 59][0] });
        // Gaps, and the place of the image that is not there.
        Assert.All(new[] { (0, 0), (1, 30), (58, 10), (59, 10), (30, 30), (117, 61), (80, 45) }, spot => Assert.Equal(Gap, image[spot.Item1, spot.Item2][0]));
    }

    [Fact]
    public void Render_ColourImages_TakesChannelsApart()
    {
        var data = new DataDescription(3, 1, 1, 1, 0, "");
        var image = PngReader.Read(ImageGrid.RenderPng([1f, 0.2f, 0f], data, 1));

        Assert.Equal((60, 60), (image.Width, image.Height));
        Assert.Equal([255, 51, 0], image[30, 30].ToArray());
        Assert.Equal([Gap, Gap, Gap], image[0, 0].ToArray());
    }

    [Fact]
    public void Render_ValuesThatAreNone_AreBlack() =>
        Assert.Equal(0, PngReader.Read(ImageGrid.RenderPng([float.NaN], new DataDescription(1, 1, 1, 1, 0, ""), 1))[30, 30][0]);

    [Fact]
    public void Render_NoImages_IsAFrame() =>
        Assert.Equal((60, 2), PngReader.Read(ImageGrid.RenderPng([], new DataDescription(1, 1, 1, 1, 0, ""), 1)) is var image ? (image.Width, image.Height) : default);

    [Fact]
    public void Render_LargeImages_AreNotMagnified() =>
        Assert.Equal(64 + 4, PngReader.Read(ImageGrid.RenderPng(new float[64 * 64], new DataDescription(1, 64, 64, 1, 0, ""), 1)).Width);
}
