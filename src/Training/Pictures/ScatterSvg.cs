using System.Globalization;
using System.Net;
using System.Text;

namespace VaeCluster.Training.Pictures;

/// <summary>Writes a scatter plot as SVG 1.1: the same frame and colours as the raster, with text that can be selected and searched.</summary>
internal static class ScatterSvg
{
    private const string Ink = "#373e4a";
    private const string GridColor = "#e4e7ec";
    private const string BorderColor = "#a0a7b2";

    public static byte[] Encode(ScatterPlot plot)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{plot.Width}\" height=\"{ScatterPlot.Height}\" viewBox=\"0 0 {plot.Width} {ScatterPlot.Height}\" font-family=\"sans-serif\" font-size=\"13\" fill=\"{Ink}\">\n");
        svg.Append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        WriteText(svg, plot.Title, 22, 34, "start", 18);
        WriteAxes(svg, plot);
        WriteDots(svg, plot);
        WriteLegend(svg, plot);
        return Encoding.UTF8.GetBytes(svg.Append("</svg>\n").ToString());
    }

    private static void WriteAxes(StringBuilder svg, ScatterPlot plot)
    {
        var panel = ScatterPlot.Panel;
        foreach (var tick in plot.X.Ticks)
        {
            WriteLine(svg, X(plot, tick), panel.Top, X(plot, tick), panel.Bottom, GridColor);
            WriteText(svg, plot.X.Label(tick), X(plot, tick), panel.Bottom + 19, "middle");
        }
        foreach (var tick in plot.Y.Ticks)
        {
            WriteLine(svg, panel.Left, Y(plot, tick), panel.Right, Y(plot, tick), GridColor);
            WriteText(svg, plot.Y.Label(tick), panel.Left - 9, Y(plot, tick) + 4.5, "end");
        }
        WriteLine(svg, panel.Left, panel.Top, panel.Left, panel.Bottom, BorderColor);
        WriteLine(svg, panel.Left, panel.Bottom, panel.Right, panel.Bottom, BorderColor);
        WriteText(svg, plot.XName, (panel.Left + panel.Right) / 2.0, panel.Bottom + 40, "middle");
        WriteText(svg, plot.YName, panel.Left - 9, panel.Top - 10, "middle");
    }

    private static void WriteDots(StringBuilder svg, ScatterPlot plot)
    {
        svg.Append(CultureInfo.InvariantCulture, $"<g fill-opacity=\"{ScatterPlot.DotOpacity}\">\n");
        foreach (var point in plot.Points)
            svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{X(plot, point.X):0.##}\" cy=\"{Y(plot, point.Y):0.##}\" r=\"{ScatterPlot.DotWidth / 2}\" fill=\"{Hex(GroupColors.Of(point.Group))}\"/>\n");
        svg.Append("</g>\n");
    }

    private static void WriteLegend(StringBuilder svg, ScatterPlot plot)
    {
        for (var group = 0; group < plot.Groups.Count; group++)
        {
            var middle = ScatterPlot.LegendY(group);
            svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{ScatterPlot.Panel.Right + 28}\" cy=\"{middle}\" r=\"5.5\" fill=\"{Hex(GroupColors.Of(group))}\"/>\n");
            WriteText(svg, plot.Groups[group], ScatterPlot.Panel.Right + 42, middle + 4.5, "start");
        }
    }

    private static void WriteText(StringBuilder svg, string text, double x, double y, string anchor, int size = 13) =>
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.##}\" y=\"{y:0.##}\" text-anchor=\"{anchor}\" font-size=\"{size}\">{WebUtility.HtmlEncode(text)}</text>\n");

    private static void WriteLine(StringBuilder svg, double x1, double y1, double x2, double y2, string color) =>
        svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{x1:0.##}\" y1=\"{y1:0.##}\" x2=\"{x2:0.##}\" y2=\"{y2:0.##}\" stroke=\"{color}\"/>\n");

    private static double X(ScatterPlot plot, double value) => ScatterPlot.Panel.Left + (plot.X.Fraction(value) * ScatterPlot.Panel.Width);

    private static double Y(ScatterPlot plot, double value) => ScatterPlot.Panel.Bottom - (plot.Y.Fraction(value) * ScatterPlot.Panel.Height);

    private static string Hex(Rgb color) => $"#{color.Red:x2}{color.Green:x2}{color.Blue:x2}";
}
