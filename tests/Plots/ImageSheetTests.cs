using VaeCluster.Contracts.Runs;
using VaeCluster.Plots;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Plots;

public sealed class ImageSheetTests
{
    /// <summary>Images of one grey pixel.</summary>
    private static readonly DataDescription Pixel = new(1, 1, 1, 1, 0, "");

    [Fact]
    public void Render_PlacesImagesRowAfterRow_AndLeavesGreyWhereThereAreNone()
    {
        var sheet = new ImageSheet(Pixel, "", [""], ["", "", ""]) { Gap = 2, CellSideMin = 4 };

        var png = PngReader.Read(sheet.RenderPng([0, float.NaN]));

        // A margin of 18, and above it the room of the title.
        Assert.Equal([0, 0, 0], png[18, 52].ToArray());
        Assert.Equal([0, 0, 0], png[21, 55].ToArray());
        Assert.Equal([255, 255, 255], png[22, 52].ToArray());
        Assert.Equal([236, 238, 241], png[24, 52].ToArray());
        Assert.Equal([236, 238, 241], png[30, 52].ToArray());
        Assert.Equal((18 + 4 + 2 + 4 + 2 + 4 + 18, 52 + 4 + 18), (png.Width, png.Height));
    }

    [Fact]
    public void Render_OfColouredImages_KeepsTheirColours()
    {
        var data = Pixel with { Channels = 3 };

        var png = PngReader.Read(new ImageSheet(data, "", [""], [""]).RenderPng([1, 0.5f, 0]));

        Assert.Equal([255, 128, 0], png[18, 52].ToArray());
    }

    [Theory]
    [InlineData("1", 8)]
    [InlineData("-10.00", 4)]
    public void Render_LabelsWiderThanTheirColumns_StandBelowSomeOfThem(string label, int shown)
    {
        var sheet = new ImageSheet(Pixel, "", [""], [.. Enumerable.Repeat(label, 8)]) { Gap = 0, CellSideMin = 28 };

        var png = PngReader.Read(sheet.RenderPng(new float[8]));

        // Labels are further apart than their letters.
        const int BetweenLabels = 6;
        int[] inked = [.. Enumerable.Range(0, png.Width).Where(x => Enumerable.Range(52 + 28, png.Height - 52 - 28).Any(y => png[x, y][0] < 200))];
        Assert.Equal(shown, 1 + inked.Zip(inked.Skip(1)).Count(pair => pair.Second - pair.First > BetweenLabels));
    }

    [Fact]
    public void Render_LongTitle_HasRoom()
    {
        const string Title = "A title that is very much longer than the one image that it stands above";

        var png = PngReader.Read(new ImageSheet(Pixel, Title, [""], [""]).RenderPng([0]));

        // The margin to the right of it stays white.
        Assert.True(png.Width > 500, $"It is {png.Width} pixels wide.");
        Assert.DoesNotContain(Enumerable.Range(png.Width - 18, 18), x => Enumerable.Range(0, 50).Any(y => png[x, y][0] < 255));
    }
}
