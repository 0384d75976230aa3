namespace VaeCluster.Training.Pictures;

/// <summary>A place of a curve: the mean of the values that it stands for, and how far they spread. NaN where there was none.</summary>
internal readonly record struct CurvePoint(double X, double Low, double Mean, double High)
{
    public bool IsGap => double.IsNaN(Mean);
}

/// <summary>A named curve, thinned out to what a picture can show.</summary>
internal sealed record Curve(string Name, Rgb Color, IReadOnlyList<CurvePoint> Points)
{
    /// <summary>Fewer values than this are shown whole: too few to tell which of them are odd.</summary>
    private const int FenceCountMin = 20;

    /// <summary>A curve of values at rising places. Values that are not finite are left out; where only such are, the curve has a gap.</summary>
    public static Curve Of(string name, Rgb color, IReadOnlyList<(double X, double Y)> values, int pointsMax)
    {
        var points = new List<CurvePoint>();
        var count = Math.Min(values.Count, pointsMax);
        for (var i = 0; i < count; i++)
        {
            var first = (int)((long)values.Count * i / count);
            var last = (int)((long)values.Count * (i + 1) / count);
            points.Add(Summary([.. values.Skip(first).Take(last - first)]));
        }
        return new Curve(name, color, points);
    }

    /// <summary>
    /// The range that makes the curves readable. A run's first losses, and those of a step that went wrong, are far from all the others: what lies
    /// more than three times the interquartile range outside of the middle half (Tukey 1977, the outer fences) is left to the frame's edge.
    /// </summary>
    public static (double Low, double High) ReadableRange(IEnumerable<Curve> curves)
    {
        var ranges = curves.Select(curve => curve.ReadableRange()).Where(range => range.Low <= range.High).ToList();
        return ranges.Count == 0 ? (0, 1) : (ranges.Min(range => range.Low), ranges.Max(range => range.High));
    }

    private (double Low, double High) ReadableRange()
    {
        var sorted = Points.Where(point => !point.IsGap).SelectMany(point => new[] { point.Low, point.High }).Order().ToList();
        if (sorted.Count == 0)
            return (double.PositiveInfinity, double.NegativeInfinity);
        var (lower, upper) = (sorted[sorted.Count / 4], sorted[sorted.Count * 3 / 4]);
        var fence = 3 * (upper - lower);
        return sorted.Count < FenceCountMin || fence == 0
            ? (sorted[0], sorted[^1])
            : (Math.Max(sorted[0], lower - fence), Math.Min(sorted[^1], upper + fence));
    }

    private static CurvePoint Summary(List<(double X, double Y)> values)
    {
        var finite = values.Select(value => value.Y).Where(double.IsFinite).ToList();
        var x = values[values.Count / 2].X;
        // Halved before they are added up, so that the mean of huge values is finite too.
        return finite.Count == 0
            ? new(x, double.NaN, double.NaN, double.NaN)
            : new(x, finite.Min(), finite.Sum(value => value / finite.Count), finite.Max());
    }
}
