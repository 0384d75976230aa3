using System.Globalization;
using VaeCluster.Contracts.Runs;

namespace VaeCluster.Training.Pictures;

/// <summary>
/// The picture of how a run learns: the negative ELBO and its reconstruction term above, the KL term below in a panel of its own, because it is so much
/// smaller. All in nats per example, over the same steps.
/// </summary>
public static class LossCurve
{
    private const int PointsMax = 420;
    private const int EpochTicksMax = 12;
    private const double TextHeight = 9;
    private static readonly Frame Upper = new(78, 100, 966, 440);
    private static readonly Frame Lower = new(78, 466, 966, 624);
    private static readonly Rgb Blue = new(31, 98, 189);
    private static readonly Rgb Orange = new(214, 108, 20);
    private static readonly Rgb Green = new(24, 138, 92);
    private static readonly Rgb Grey = new(110, 118, 130);

    /// <summary>Draws the curves as a PNG file.</summary>
    /// <param name="lines">The lines of <c>metrics.jsonl</c>. Where a step is there twice, because a run was resumed before it, the later line counts.</param>
    public static byte[] Encode(IReadOnlyList<MetricsLine> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var steps = lines.GroupBy(line => line.Step).Select(same => same.Last()).OrderBy(line => line.Step).ToList();
        var canvas = new Canvas(1000, 680);
        // A little room after the last step, so that its dot is seen whole.
        var x = new Axis(0, steps.Count == 0 ? 10 : 1.01 * Math.Max(1, steps[^1].Step), 9, stepMin: 1);
        Curve[] losses = [CurveOf("-ELBO", Blue, steps, line => -line.Elbo), CurveOf("reconstruction", Orange, steps, line => line.Reconstruction)];
        var kl = CurveOf("KL", Green, steps, line => line.Kl);

        StrokeFont.Write(canvas, "Loss, nats per example", new(22, 36), 14, ChartPanel.Ink);
        DrawLegend(canvas, [.. losses, kl]);
        var upper = DrawPanel(canvas, Upper, x, losses, Curve.ReadableRange(losses), 7);
        // From zero, which a KL divergence cannot fall below: a collapsed posterior is seen as such.
        var lower = DrawPanel(canvas, Lower, x, [kl], (0, Curve.ReadableRange([kl]).High), 4);
        lower.DrawXLabels("step");
        if (steps.Count == 0)
            upper.DrawNotice("No steps are logged yet.");
        else
            DrawEpochsAndLatest(canvas, upper, steps);
        return canvas.ToPng();
    }

    private static Curve CurveOf(string name, Rgb color, List<MetricsLine> lines, Func<MetricsLine, double> value) =>
        Curve.Of(name, color, [.. lines.Select(line => ((double)line.Step, value(line)))], PointsMax);

    private static ChartPanel DrawPanel(Canvas canvas, Frame frame, Axis x, Curve[] curves, (double Low, double High) range, int ticksAbout)
    {
        var margin = (range.High - range.Low) * 0.05;
        // No margin below zero for values that are never negative: it would look as if they could be.
        var low = range.Low >= 0 ? Math.Max(0, range.Low - margin) : range.Low - margin;
        var panel = new ChartPanel(canvas, frame, x, new Axis(low, range.High + margin, ticksAbout));
        panel.DrawGrid();
        foreach (var curve in curves)
            panel.Draw(curve);
        return panel;
    }

    /// <summary>Below the title, where no curve can run through it.</summary>
    private static void DrawLegend(Canvas canvas, Curve[] curves)
    {
        const int LineLength = 22;
        const double Baseline = 63;
        var left = 22.0;
        foreach (var curve in curves)
        {
            var middle = Baseline - (TextHeight / 2) + 0.5;
            canvas.Stroke([new(left, middle), new(left + LineLength, middle)], curve.Color, 2.4);
            StrokeFont.Write(canvas, curve.Name, new(left + LineLength + 8, Baseline), TextHeight, ChartPanel.Ink);
            left += LineLength + 8 + StrokeFont.WidthOf(curve.Name, TextHeight) + 24;
        }
    }

    private static void DrawEpochsAndLatest(Canvas canvas, ChartPanel upper, List<MetricsLine> steps)
    {
        var latest = steps[^1];
        var text = string.Create(CultureInfo.InvariantCulture, $"step {latest.Step:N0}, epoch {latest.Epoch:N0}: -ELBO {Axis.Show(-latest.Elbo, 2)} = reconstruction {Axis.Show(latest.Reconstruction, 2)} + KL {Axis.Show(latest.Kl, 2)}");
        StrokeFont.Write(canvas, text, new(Upper.Right, 36), TextHeight, Grey, TextAnchor.Right);
        if (latest.Epoch > 1)
            upper.DrawTopTicks("epoch", EpochTicks(steps));
    }

    /// <summary>Each tick stands where the epoch of its number ends, as nearly as the logged steps tell.</summary>
    private static IEnumerable<(double X, string Label)> EpochTicks(List<MetricsLine> steps)
    {
        var every = (int)Math.Max(1, Axis.NiceStep((double)steps[^1].Epoch / EpochTicksMax));
        return steps.GroupBy(line => line.Epoch)
            .Where(epoch => epoch.Key % every == 0)
            .Select(epoch => ((double)epoch.Max(line => line.Step), epoch.Key.ToString("N0", CultureInfo.InvariantCulture)));
    }
}
