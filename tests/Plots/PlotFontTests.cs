using ScottPlot;
using VaeCluster.Plots;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Plots;

public sealed class PlotFontTests
{
    [Fact]
    public void Write_PutsInkWhereTheTextIs_AndNowhereElse()
    {
        using var canvas = new PngCanvas(200, 40, Colors.White);

        PlotFont.Write(canvas.Canvas, "step 1,065", 20, 30, 20, Colors.Black);

        var png = PngReader.Read(canvas.Encode());
        int[] inked = [.. Enumerable.Range(0, 200).Where(x => Enumerable.Range(0, 40).Any(y => png[x, y][0] < 128))];
        Assert.InRange(inked[0], 20, 23);
        Assert.InRange(inked[^1], 20 + PlotFont.WidthOf("step 1,065", 20) - 4, 20 + PlotFont.WidthOf("step 1,065", 20));
    }

    [Fact]
    public void Write_OfDifferentLetters_LooksDifferent()
    {
        // Without a font each letter would be the same box, or nothing.
        Assert.Equal(5, ((string[])["a", "b", "λ", "ß", ""]).Select(Render).Distinct().Count());

        static string Render(string text)
        {
            using var canvas = new PngCanvas(30, 30, Colors.White);
            PlotFont.Write(canvas.Canvas, text, 5, 22, 20, Colors.Black);
            return Convert.ToBase64String(canvas.Encode());
        }
    }

    [Fact]
    public void CreatePlot_HasTheEmbeddedFont()
    {
        using var plot = PlotFont.CreatePlot();

        // A system's font would not be there in a container: the family comes from the resolver of ours.
        Assert.Equal(PlotFont.Family, plot.Axes.Left.TickLabelStyle.FontName);
        Assert.Equal("DejaVu Sans", ScottPlot.Fonts.GetTypeface(PlotFont.Family, bold: false, italic: false).FamilyName);
        Assert.True(ScottPlot.Fonts.GetTypeface(PlotFont.Family, bold: false, italic: false).ContainsGlyph('λ'));
    }
}
