using System.Xml.Linq;
using VaeCluster.Tests.Support;
using VaeCluster.Training.Pictures;

namespace VaeCluster.Tests.Training.Pictures;

public sealed class ScatterPlotTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static ScatterPlot Plot { get; } = new("a < b & c", "z0", "z1", [new(-1, 2, 0), new(3, 0.5, 1), new(double.NaN, 0, 1), new(1, 1, 1)], ["cats", "dogs"]);

    [Fact]
    public void Svg_HasADotAPoint_InItsGroupsColour_AndALegend()
    {
        var svg = XDocument.Parse(System.Text.Encoding.UTF8.GetString(Plot.ToSvg())).Root!;

        var dots = svg.Elements(Svg + "g").Single().Elements(Svg + "circle").ToList();
        var legend = svg.Elements(Svg + "circle").ToList();
        Assert.Equal(3, dots.Count); // The point without a place is left out.
        Assert.Equal([Fill(legend[0]), Fill(legend[1]), Fill(legend[1])], dots.Select(Fill));
        Assert.NotEqual(Fill(legend[0]), Fill(legend[1]));
        Assert.True(X(dots[0]) < X(dots[2]) && X(dots[2]) < X(dots[1]), "The dots are not in the order of their x.");
        Assert.True(Y(dots[0]) < Y(dots[2]) && Y(dots[2]) < Y(dots[1]), "The greatest y is not uppermost.");
        Assert.Equal(["a < b & c", "cats", "dogs"], svg.Elements(Svg + "text").Select(text => text.Value).Where(text => text.Length > 3 && char.IsLetter(text[0])));

        static string Fill(XElement dot) => (string)dot.Attribute("fill")!;
        static double X(XElement dot) => (double)dot.Attribute("cx")!;
        static double Y(XElement dot) => (double)dot.Attribute("cy")!;
    }

    [Fact]
    public void Png_HasTheDotsWhereTheSvgHasThem()
    {
        var png = PngReader.Read(Plot.ToPng());
        var svg = XDocument.Parse(System.Text.Encoding.UTF8.GetString(Plot.ToSvg())).Root!;

        foreach (var dot in svg.Descendants(Svg + "circle"))
        {
            var fill = Convert.FromHexString(((string)dot.Attribute("fill")!)[1..]);
            var pixel = png[(int)(double)dot.Attribute("cx")!, (int)(double)dot.Attribute("cy")!].ToArray();
            // Dots are a little transparent, on white or on a line of the grid, which is darker than the palest of them.
            Assert.All(pixel.Zip(fill), pair => Assert.InRange(pair.First - pair.Second, -8, 80));
        }
    }

    [Fact]
    public void Legend_OfManyGroups_SaysHowManyMore_AndMakesRoomForLongNames()
    {
        string[] names = ["a group with a name that is rather long", .. Enumerable.Range(1, 99).Select(i => $"group {i}")];
        var plot = new ScatterPlot("many", "x", "y", [new(0, 0, 0), new(1, 1, 99)], names);

        var svg = XDocument.Parse(System.Text.Encoding.UTF8.GetString(plot.ToSvg())).Root!;

        Assert.Equal("and 75 more", svg.Elements(Svg + "text").Last().Value);
        Assert.All(svg.Elements(Svg + "circle"), dot => Assert.InRange((double)dot.Attribute("cy")!, 0, (double)svg.Attribute("height")!));
        Assert.True((double)svg.Attribute("width")! > 1000, "The long name does not fit.");
        Assert.Equal((int)(double)svg.Attribute("width")!, PngReader.Read(plot.ToPng()).Width);
    }

    [Fact]
    public void Plot_WithoutPoints_IsAnEmptyFrame()
    {
        var empty = new ScatterPlot("nothing", "x", "y", [], []);

        Assert.NotEmpty(PngReader.Read(empty.ToPng()).Pixels);
        Assert.Empty(XDocument.Parse(System.Text.Encoding.UTF8.GetString(empty.ToSvg())).Descendants(Svg + "circle"));
    }
}
