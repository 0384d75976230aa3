using System.Text;
using System.Text.RegularExpressions;
using ScottPlot;
using SkiaSharp;

namespace VaeCluster.Plots;

/// <summary>A point of a scatter plot.</summary>
/// <param name="X">Its horizontal place.</param>
/// <param name="Y">Its vertical place.</param>
/// <param name="Group">Which colour and shape, counted from 0.</param>
public readonly record struct ScatterPoint(double X, double Y, int Group);

/// <summary>
/// Points in a plane, coloured by group, as a PNG and as an SVG file. Points are rendered in the order given, so groups that lie over each other are
/// seen mixed rather than the last one alone.
/// </summary>
public sealed class ScatterPlot
{
    /// <summary>Entries of the legend that fit beside the frame.</summary>
    private const int LegendMax = 26;

    private const int Height = 760;
    private const float TitleSize = 18;
    private const float NameSize = 14;
    private const float LegendDotSize = 11;
    private static readonly PixelRect Frame = new(left: 70, right: 730, bottom: 700, top: 66);

    private static readonly Regex ClipName = new("(?<=id=\"|url\\(#)cl_[0-9a-f]+");

    private readonly string _title;
    private readonly string _xName;
    private readonly string _yName;
    private readonly IReadOnlyList<ScatterPoint> _points;
    private readonly IReadOnlyList<string> _groups;
    private readonly int _namedGroups;

    /// <summary>Describes what is rendered.</summary>
    /// <param name="title">One line above the plot.</param>
    /// <param name="xName">What the horizontal axis shows.</param>
    /// <param name="yName">What the vertical axis shows.</param>
    /// <param name="points">The points; those that are not finite are left out.</param>
    /// <param name="groups">A name for each group; empty where there is only one and it needs none.</param>
    public ScatterPlot(string title, string xName, string yName, IEnumerable<ScatterPoint> points, IReadOnlyList<string> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        _title = title;
        _xName = xName;
        _yName = yName;
        _points = [.. points.Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y))];
        _namedGroups = groups.Count <= LegendMax ? groups.Count : LegendMax - 1;
        _groups = _namedGroups == groups.Count ? groups : [.. groups.Take(_namedGroups), $"and {groups.Count - _namedGroups} more"];
    }

    /// <summary>In pixels: the frame, and as much beside it as the longest name of a group needs; more where the title is longer.</summary>
    private int Width => Math.Max(
        (int)Frame.Right + 60 + (int)_groups.Select(name => PlotFont.WidthOf(name, NameSize)).Append(0).Max(),
        44 + (int)PlotFont.WidthOf(_title, TitleSize));

    /// <summary>Renders it as a PNG file.</summary>
    public byte[] RenderPng()
    {
        using var canvas = new PngCanvas(Width, Height, Colors.White);
        Render(canvas.Canvas);
        return canvas.Encode();
    }

    /// <summary>Renders it as an SVG file, UTF-8. Its text can be selected and searched.</summary>
    public byte[] RenderSvg()
    {
        using var file = new MemoryStream();
        using (var canvas = SKSvgCanvas.Create(SKRect.Create(Width, Height), file))
            Render(canvas);
        // A viewer has its own fonts; Verdana is as wide as ours.
        var svg = Encoding.UTF8.GetString(file.ToArray()).Replace($"\"{PlotFont.Family}\"", $"\"{PlotFont.Family}, Verdana, sans-serif\"",
            StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(NumberClips(svg));
    }

    /// <summary>Numbers the clip paths in their order. Skia counts them over the process, and the same points would not give the same file.</summary>
    private static string NumberClips(string svg)
    {
        var numbers = new Dictionary<string, string>();
        return ClipName.Replace(svg, name =>
        {
            numbers.TryAdd(name.Value, $"clip{numbers.Count}");
            return numbers[name.Value];
        });
    }

    private void Render(SKCanvas canvas)
    {
        using var plot = PlotFrame.Create();
        SetRange(plot.Axes.Bottom, point => point.X);
        SetRange(plot.Axes.Left, point => point.Y);
        plot.Axes.Bottom.Label.Text = _xName;
        plot.Add.Plottable(new ScatterDots(_points));
        plot.Layout.Fixed(new PixelPadding(Frame.Left, Width - Frame.Right, Height - Frame.Bottom, Frame.Top));
        // The first time, ScottPlot renders until the layout stays; an SVG file would hold each of these.
        plot.RenderInMemory(Width, Height);
        plot.Render(canvas, new PixelRect(0, Width, Height, 0));
        PlotFont.Write(canvas, _title, 22, 34, TitleSize, Palette.Ink);
        PlotFont.Write(canvas, _yName, Frame.Left - 9, Frame.Top - 10, NameSize, Palette.Ink, SKTextAlign.Right);
        RenderLegend(canvas);
    }

    private void SetRange(IAxis axis, Func<ScatterPoint, double> value)
    {
        var (low, high) = _points.Count == 0 ? (-1, 1) : (_points.Min(value), _points.Max(value));
        var margin = Math.Max(1e-3, 0.04 * (high - low));
        PlotFrame.SetRange(axis, low - margin, high + margin, 9);
    }

    private void RenderLegend(SKCanvas canvas)
    {
        using var paint = Paint.NewDisposablePaint();
        for (var group = 0; group < _groups.Count; group++)
        {
            var middle = Frame.Top + 14 + (group * 24);
            if (group < _namedGroups)
                Palette.MarkerOf(group, LegendDotSize, opacity: 1).Render(canvas, new Pixel(Frame.Right + 28, middle), paint);
            PlotFont.Write(canvas, _groups[group], Frame.Right + 42, middle + 5, NameSize, Palette.Ink);
        }
    }
}
