using System.Globalization;
using System.Text;
using System.Xml.Linq;
using VaeCluster.Plots;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Plots;

public sealed class ScatterPlotTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static ScatterPlot Plot { get; } = new("a < b & c", "z0", "z1", [new(-1, 2, 0), new(3, 0.5, 1), new(double.NaN, 0, 1), new(1, 1, 1)], ["cats", "dogs"]);

    [Fact]
    public void Svg_HasADotAPoint_InItsGroupsColour_AndALegend()
    {
        var svg = Parse(Plot);

        var (dots, legend) = (DotsOf(svg), LegendOf(svg));
        Assert.Equal(3, dots.Count); // The point without a place is left out.
        Assert.Equal([Fill(legend[0]), Fill(legend[1]), Fill(legend[1])], dots.Select(Fill));
        Assert.NotEqual(Fill(legend[0]), Fill(legend[1]));
        Assert.True(X(dots[0]) < X(dots[2]) && X(dots[2]) < X(dots[1]), "The dots are not in the order of their x.");
        Assert.True(Y(dots[0]) < Y(dots[2]) && Y(dots[2]) < Y(dots[1]), "The greatest y is not uppermost.");
        var texts = TextsOf(svg);
        Assert.Equal(["z0", "a < b & c", "z1", "cats", "dogs"], texts.Where(text => char.IsLetter(text[0])));
        Assert.Subset(texts.ToHashSet(), new HashSet<string> { "-1", "0", "1", "2", "3" });
    }

    [Fact]
    public void Svg_NamesFontsThatAViewerMayHave() =>
        Assert.All(Parse(Plot).Descendants(Svg + "text"), text => Assert.Equal("DejaVu Sans, Verdana, sans-serif", (string)text.Attribute("font-family")!));

    [Fact]
    public void Png_HasTheDotsWhereTheSvgHasThem()
    {
        var png = PngReader.Read(Plot.RenderPng());

        foreach (var dot in Parse(Plot).Descendants(Svg + "ellipse"))
        {
            var fill = Convert.FromHexString(Fill(dot)[1..]);
            var pixel = png[(int)X(dot), (int)Y(dot)].ToArray();
            // Dots are a little transparent, on white or on a line of the grid.
            Assert.All(pixel.Zip(fill), pair => Assert.InRange(pair.First - pair.Second, -8, 80));
        }
    }

    [Fact]
    public void Groups_MoreThanColours_HaveAnotherShape()
    {
        var plot = new ScatterPlot("", "x", "y", [.. Enumerable.Range(0, 25).Select(i => new ScatterPoint(i, 0, i))], [.. Enumerable.Range(0, 25).Select(i => $"g{i}")]);

        var svg = Parse(plot);

        // Circles are ellipses, squares are rectangles, triangles and diamonds are paths of three and four corners.
        var marks = svg.Elements(Svg + "g").Elements().Select(mark => (Shape: ShapeOf(mark), Fill: Fill(mark))).ToList();
        Assert.Equal(25, marks.Distinct().Count());
        Assert.Equal(7, marks.Select(mark => mark.Fill).Distinct().Count());
    }

    [Fact]
    public void Legend_OfManyGroups_SaysHowManyMore_AndMakesRoomForLongNames()
    {
        string[] names = ["a group with a name that is rather long", .. Enumerable.Range(1, 99).Select(i => $"group {i}")];
        var plot = new ScatterPlot("many", "x", "y", [new(0, 0, 0), new(1, 1, 99)], names);

        var svg = Parse(plot);

        Assert.Equal("and 75 more", TextsOf(svg)[^1]);
        Assert.All(svg.Descendants(Svg + "ellipse"), dot => Assert.InRange(Y(dot), 0, (double)svg.Attribute("height")!));
        Assert.True((double)svg.Attribute("width")! > 1000, "The long name does not fit.");
        var png = PngReader.Read(plot.RenderPng());
        Assert.Equal((int)(double)svg.Attribute("width")!, png.Width);
        Assert.DoesNotContain(Enumerable.Range(0, png.Height), y => png[png.Width - 2, y][0] < 255);
    }

    [Fact]
    public void Title_LongerThanThePlot_HasRoom()
    {
        var png = PngReader.Read(new ScatterPlot(new string('m', 80), "x", "y", [new(0, 0, 0)], []).RenderPng());

        Assert.True(png.Width > 1200, $"It is {png.Width} pixels wide.");
        Assert.DoesNotContain(Enumerable.Range(0, 50), y => png[png.Width - 2, y][0] < 255);
    }

    [Fact]
    public void Plot_WithoutPoints_IsAnEmptyFrame()
    {
        var empty = new ScatterPlot("nothing", "x", "y", [], []);

        Assert.Equal((790, 760), PngReader.Read(empty.RenderPng()) is var png ? (png.Width, png.Height) : default);
        Assert.Empty(Parse(empty).Descendants(Svg + "ellipse"));
    }

    [Fact]
    public void Render_OnManyThreads_GivesTheSameBytes()
    {
        var (png, svg) = (Plot.RenderPng(), Plot.RenderSvg());

        Parallel.For(0, 32, _ =>
        {
            Assert.Equal(png, Plot.RenderPng());
            Assert.Equal(svg, Plot.RenderSvg());
        });
    }

    private static XElement Parse(ScatterPlot plot) => XDocument.Parse(Encoding.UTF8.GetString(plot.RenderSvg())).Root!;

    /// <summary>The points lie in a group that is clipped to the frame, those of the legend beside it.</summary>
    private static List<XElement> DotsOf(XElement svg) => [.. svg.Elements(Svg + "g").Elements(Svg + "ellipse")];

    private static List<XElement> LegendOf(XElement svg) => [.. svg.Elements(Svg + "ellipse")];

    private static List<string> TextsOf(XElement svg) => [.. svg.Descendants(Svg + "text").Select(text => text.Value.Trim())];

    private static string ShapeOf(XElement mark) =>
        string.Create(CultureInfo.InvariantCulture, $"{mark.Name.LocalName} {((string?)mark.Attribute("d"))?.Count(letter => letter == 'L')}");

    private static string Fill(XElement dot) => (string)dot.Attribute("fill")!;

    private static double X(XElement dot) => (double)dot.Attribute("cx")!;

    private static double Y(XElement dot) => (double)dot.Attribute("cy")!;
}
