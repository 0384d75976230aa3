using System.Globalization;
using ScottPlot;
using SkiaSharp;
using VaeCluster.Contracts.Runs;

namespace VaeCluster.Plots;

/// <summary>
/// The plot of how a run learns: the negative ELBO and its reconstruction term above, the KL term below in a panel of its own, because it is so much
/// smaller. All in nats per example, over the same steps.
/// </summary>
public static class LossCurve
{
    private const int Width = 1000;
    private const int Height = 680;
    private const int PointsMax = 420;
    private const int EpochTicksMax = 12;
    private const float TextSize = 13;
    private static readonly PixelRect Upper = new(left: 78, right: 966, bottom: 440, top: 100);
    private static readonly PixelRect Lower = new(left: 78, right: 966, bottom: 624, top: 466);
    private static readonly (string Name, Color Color)[] Legend =
    [
        ("-ELBO", Palette.Blue), ("reconstruction", Palette.Vermillion), ("KL", Palette.BluishGreen),
    ];

    /// <summary>Renders the curves as a PNG file.</summary>
    /// <param name="lines">The lines of <c>metrics.jsonl</c>. Where a step is there twice, because a run was resumed before it, the later line counts.</param>
    public static byte[] RenderPng(IReadOnlyList<MetricsLine> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var steps = lines.GroupBy(line => line.Step).Select(same => same.Last()).OrderBy(line => line.Step).ToList();
        using var canvas = new PngCanvas(Width, Height, Colors.White);
        RenderLosses(canvas.Canvas, steps);
        RenderKl(canvas.Canvas, steps);
        RenderHeader(canvas.Canvas, steps);
        return canvas.Encode();
    }

    /// <summary>The title, the last values beside it, and the legend below, where no curve can run through it.</summary>
    private static void RenderHeader(SKCanvas canvas, List<MetricsLine> steps)
    {
        const int LineLength = 22;
        const float Baseline = 63;
        PlotFont.Write(canvas, "Loss, nats per example", 22, 37, 19, Palette.Ink);
        if (steps.Count > 0)
            PlotFont.Write(canvas, Latest(steps[^1]), Upper.Right, 37, TextSize, Palette.PaleInk, SKTextAlign.Right);
        var left = 22f;
        foreach (var (name, color) in Legend)
        {
            using var paint = new SKPaint { Color = color.ToSKColor(), StrokeWidth = 2.4f, IsAntialias = true };
            canvas.DrawLine(left, Baseline - 4.5f, left + LineLength, Baseline - 4.5f, paint);
            PlotFont.Write(canvas, name, left + LineLength + 8, Baseline, TextSize, Palette.Ink);
            left += LineLength + 8 + PlotFont.WidthOf(name, TextSize) + 24;
        }
    }

    private static string Latest(MetricsLine line) => string.Create(
        CultureInfo.InvariantCulture,
        $"step {line.Step:N0}, epoch {line.Epoch:N0}: -ELBO {Show(-line.Elbo)} = reconstruction {Show(line.Reconstruction)} + KL {Show(line.Kl)}");

    private static string Show(double value) =>
        Math.Abs(value) < 1e7 ? value.ToString("N2", CultureInfo.InvariantCulture) : PlotFrame.Show(value);

    private static void RenderLosses(SKCanvas canvas, List<MetricsLine> steps)
    {
        Curve[] curves = [CurveOf(steps, line => -line.Elbo), CurveOf(steps, line => line.Reconstruction)];
        using var panel = new CurvePanel(EndOf(steps), Curve.ReadableRange(curves), ticksAbout: 7);
        panel.HideXLabels();
        foreach (var (curve, (_, color)) in curves.Zip(Legend))
            panel.Add(curve, color);
        if (steps.Count == 0)
            panel.AddNotice("No steps are logged yet.");
        else if (steps[^1].Epoch > 1)
            panel.AddTopTicks([.. EpochTicks(steps)]);
        panel.Render(canvas, Upper, new PixelPadding(left: 78, right: 34, bottom: 8, top: 26));
        if (steps.Count > 0 && steps[^1].Epoch > 1)
            PlotFont.Write(canvas, "epoch", Upper.Left - 9, Upper.Top - 11, TextSize, Palette.Ink, SKTextAlign.Right);
    }

    private static void RenderKl(SKCanvas canvas, List<MetricsLine> steps)
    {
        var kl = CurveOf(steps, line => line.Kl);
        // From zero, which a KL divergence cannot fall below: a collapsed posterior is seen as such.
        using var panel = new CurvePanel(EndOf(steps), (0, Math.Max(0, Curve.ReadableRange([kl]).High)), ticksAbout: 4);
        panel.NameX("step");
        panel.Add(kl, Legend[^1].Color);
        panel.Render(canvas, Lower, new PixelPadding(left: 78, right: 34, bottom: 56, top: 8));
    }

    // A little room after the last step, so that its dot is seen whole.
    private static double EndOf(List<MetricsLine> steps) => steps.Count == 0 ? 10 : 1.01 * Math.Max(1, steps[^1].Step);

    private static Curve CurveOf(List<MetricsLine> steps, Func<MetricsLine, double> value) =>
        Curve.From([.. steps.Select(line => ((double)line.Step, value(line)))], PointsMax);

    /// <summary>Each tick stands where the epoch of its number ends, as nearly as the logged steps show.</summary>
    private static IEnumerable<(double X, string Label)> EpochTicks(List<MetricsLine> steps)
    {
        var every = (long)Math.Max(1, PlotFrame.RoundUp((double)steps[^1].Epoch / EpochTicksMax));
        return steps.GroupBy(line => line.Epoch)
            .Where(epoch => epoch.Key % every == 0)
            .Select(epoch => ((double)epoch.Max(line => line.Step), epoch.Key.ToString("N0", CultureInfo.InvariantCulture)));
    }
}
