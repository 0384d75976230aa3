using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace VaeCluster.Plots;

/// <summary>One frame with curves over the same x axis.</summary>
internal sealed class CurvePanel : IDisposable
{
    private const float LineWidth = 1.8f;
    private const float DotSize = 6;
    private const double SpreadOpacity = 0.22;

    private readonly Plot _plot = PlotFrame.Create();
    private readonly double _low;
    private readonly double _high;

    /// <summary>An empty frame.</summary>
    /// <param name="xHigh">The x axis goes from 0 to here.</param>
    /// <param name="range">Of the y axis; a range without extent is widened, so that a value always has a place.</param>
    /// <param name="ticksAbout">At most about so many ticks of the y axis.</param>
    public CurvePanel(double xHigh, (double Low, double High) range, int ticksAbout)
    {
        var (low, high) = range.High - range.Low > 1e-9 * Math.Max(Math.Abs(range.Low), Math.Abs(range.High))
            ? range
            : (range.Low - Widening(range.Low), range.High + Widening(range.High));
        var margin = (high - low) * 0.05;
        // No margin below zero for values that are never negative: it would look as if they could be.
        _low = range.Low >= 0 ? Math.Max(0, low - margin) : low - margin;
        _high = high + margin;
        PlotFrame.SetRange(_plot.Axes.Bottom, 0, xHigh, 9, stepMin: 1);
        PlotFrame.SetRange(_plot.Axes.Left, _low, _high, ticksAbout);
    }

    /// <summary>Writes below the x axis what it counts.</summary>
    public void NameX(string name) => _plot.Axes.Bottom.Label.Text = name;

    /// <summary>Leaves the numbers of the x axis to the panel below.</summary>
    public void HideXLabels() => _plot.Axes.Bottom.TickLabelStyle.IsVisible = false;

    /// <summary>Adds a curve, and where its points stand for many values, the band from the least to the greatest of them.</summary>
    public void Add(Curve curve, Color color)
    {
        foreach (var stretch in curve.Stretches())
        {
            double[] x = [.. stretch.Select(point => point.X)];
            if (stretch.Any(point => point.Low != point.High))
            {
                var band = _plot.Add.FillY(x, [.. stretch.Select(point => Place(point.Low))], [.. stretch.Select(point => Place(point.High))]);
                band.FillColor = color.WithAlpha(SpreadOpacity);
                band.LineWidth = 0;
            }
            var line = _plot.Add.Scatter(x, stretch.Select(point => Place(point.Mean)).ToArray(), color);
            line.LineWidth = LineWidth;
            line.MarkerSize = x.Length == 1 ? DotSize : 0;
        }
    }

    /// <summary>Adds ticks along the upper edge, for a second count of the same axis.</summary>
    public void AddTopTicks(IReadOnlyList<(double X, string Label)> ticks)
    {
        _plot.Axes.Top.Range.Set(0, _plot.Axes.Bottom.Max);
        _plot.Axes.Top.TickGenerator = new NumericManual([.. ticks.Select(tick => tick.X)], [.. ticks.Select(tick => tick.Label)]);
    }

    /// <summary>Adds a sentence in the middle of the frame.</summary>
    public void AddNotice(string text)
    {
        var notice = _plot.Add.Annotation(text, Alignment.MiddleCenter);
        notice.LabelFontName = PlotFont.Family;
        notice.LabelFontSize = 15;
        notice.LabelFontColor = Palette.Ink;
        notice.LabelBackgroundColor = Colors.Transparent;
        notice.LabelBorderColor = Colors.Transparent;
        notice.LabelShadowColor = Colors.Transparent;
    }

    /// <summary>Renders it.</summary>
    /// <param name="canvas">Where to.</param>
    /// <param name="frame">The place of the frame itself, in pixels.</param>
    /// <param name="padding">Room around it for the labels.</param>
    public void Render(SKCanvas canvas, PixelRect frame, PixelPadding padding)
    {
        var whole = new PixelRect(frame.Left - padding.Left, frame.Right + padding.Right, frame.Bottom + padding.Bottom, frame.Top - padding.Top);
        _plot.Layout.Fixed(padding);
        // ScottPlot clears all of the canvas that it may touch.
        using var clip = new SKAutoCanvasRestore(canvas);
        canvas.ClipRect(whole.ToSKRect());
        _plot.Render(canvas, whole);
    }

    public void Dispose() => _plot.Dispose();

    // A value far outside is a line that leaves the frame, not one to where pixels have no numbers.
    private double Place(double value) => Math.Clamp(value, _low - (10 * (_high - _low)), _high + (10 * (_high - _low)));

    private static double Widening(double value) => Math.Max(0.5, Math.Abs(value) * 0.1);
}
