
namespace VaeCluster.Training.Pictures;

/// <summary>A point of a scatter plot.</summary>
/// <param name="X">Its horizontal place.</param>
/// <param name="Y">Its vertical place.</param>
/// <param name="Group">Which colour, counted from 0.</param>
public readonly record struct ScatterPoint(double X, double Y, int Group);

/// <summary>
/// Points in a plane, coloured by group, as a PNG and as an SVG file. Points are drawn in the order given, so groups that lie over each other are
/// seen mixed rather than the last one alone.
/// </summary>
public sealed class ScatterPlot
{
    /// <summary>Entries of the legend that fit beside the frame.</summary>
    private const int LegendMax = 26;

    internal const int Height = 760;
    internal const double DotWidth = 5.2;
    internal const double DotOpacity = 0.72;
    internal static readonly Frame Panel = new(70, 66, 730, 700);

    /// <summary>Describes what is drawn.</summary>
    /// <param name="title">One line above the plot.</param>
    /// <param name="xName">What the horizontal axis shows.</param>
    /// <param name="yName">What the vertical axis shows.</param>
    /// <param name="points">The points; those that are not finite are left out.</param>
    /// <param name="groups">A name for each group; empty where there is only one and it needs none.</param>
    public ScatterPlot(string title, string xName, string yName, IEnumerable<ScatterPoint> points, IReadOnlyList<string> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        (Title, XName, YName) = (title, xName, yName);
        Groups = groups.Count <= LegendMax ? groups : [.. groups.Take(LegendMax - 1), $"and {groups.Count - LegendMax + 1} more"];
        Points = [.. points.Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y))];
        (X, Y) = (AxisOf(Points, point => point.X), AxisOf(Points, point => point.Y));
    }

    /// <summary>In pixels: the frame, and beside it as much as the longest name of a group needs.</summary>
    internal int Width => Panel.Right + 60 + (int)Groups.Select(name => StrokeFont.WidthOf(name, 10)).Append(0).Max();

    internal string Title { get; }

    internal string XName { get; }

    internal string YName { get; }

    internal IReadOnlyList<ScatterPoint> Points { get; }

    internal IReadOnlyList<string> Groups { get; }

    internal Axis X { get; }

    internal Axis Y { get; }

    /// <summary>Draws it as a PNG file.</summary>
    public byte[] ToPng()
    {
        var canvas = new Canvas(Width, Height);
        StrokeFont.Write(canvas, Title, new(22, 34), 13, ChartPanel.Ink);
        StrokeFont.Write(canvas, YName, new(Panel.Left - 9, Panel.Top - 10), 9, ChartPanel.Ink, TextAnchor.Center);
        var panel = new ChartPanel(canvas, Panel, X, Y);
        panel.DrawGrid();
        panel.DrawXLabels(XName);
        foreach (var point in Points)
            panel.DrawDot(point.X, point.Y, GroupColors.Of(point.Group), DotWidth, DotOpacity);
        for (var group = 0; group < Groups.Count; group++)
        {
            var middle = LegendY(group);
            canvas.Stroke([new(Panel.Right + 28, middle)], GroupColors.Of(group), 11);
            StrokeFont.Write(canvas, Groups[group], new(Panel.Right + 42, middle + 5), 10, ChartPanel.Ink);
        }
        return canvas.ToPng();
    }

    /// <summary>Draws it as an SVG file, UTF-8.</summary>
    public byte[] ToSvg() => ScatterSvg.Encode(this);

    internal static double LegendY(int group) => Panel.Top + 14 + (group * 24);

    private static Axis AxisOf(IReadOnlyList<ScatterPoint> points, Func<ScatterPoint, double> value)
    {
        if (points.Count == 0)
            return new Axis(-1, 1, 8);
        var (low, high) = (points.Min(value), points.Max(value));
        var margin = Math.Max(1e-3, 0.04 * (high - low));
        return new Axis(low - margin, high + margin, 9);
    }
}
