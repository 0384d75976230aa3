namespace VaeCluster.Plots;

/// <summary>A point of a curve: the mean of the values that it stands for, the least and the greatest of them. NaN where there was none.</summary>
internal readonly record struct CurvePoint(double X, double Low, double Mean, double High)
{
    public bool IsGap => double.IsNaN(Mean);
}

/// <summary>A series of values, thinned out to what a plot can show.</summary>
internal sealed record Curve(IReadOnlyList<CurvePoint> Points)
{
    /// <summary>Of fewer values all are shown: too few to say which of them are outliers.</summary>
    private const int FenceCountMin = 20;

    /// <summary>Greater values are shown as this one: no loss has such, and differences of greater ones are not finite.</summary>
    private const double ValueMax = 1e15;

    /// <summary>A curve of values at rising places. Values that are not finite are left out; where only such are, the curve has a gap.</summary>
    public static Curve From(IReadOnlyList<(double X, double Y)> values, int pointsMax)
    {
        var points = new List<CurvePoint>();
        var count = Math.Min(values.Count, pointsMax);
        for (var i = 0; i < count; i++)
        {
            var first = (int)((long)values.Count * i / count);
            var last = (int)((long)values.Count * (i + 1) / count);
            points.Add(Summarize([.. values.Skip(first).Take(last - first)]));
        }
        return new Curve(points);
    }

    /// <summary>
    /// The range that makes curves readable. A run's first losses, and those of a step that went wrong, are far from all the others: what lies
    /// more than three times the interquartile range outside of the middle half (Tukey 1977, the outer fences) is left to the frame's edge.
    /// </summary>
    public static (double Low, double High) ReadableRange(IEnumerable<Curve> curves)
    {
        var ranges = curves.Select(curve => curve.ReadableRange()).Where(range => range.Low <= range.High).ToList();
        return ranges.Count == 0 ? (0, 1) : (ranges.Min(range => range.Low), ranges.Max(range => range.High));
    }

    /// <summary>The stretches of the curve between its gaps.</summary>
    public IEnumerable<IReadOnlyList<CurvePoint>> Stretches()
    {
        var stretch = new List<CurvePoint>();
        foreach (var point in Points)
        {
            if (!point.IsGap)
            {
                stretch.Add(point);
                continue;
            }
            if (stretch.Count > 0)
                yield return stretch;
            stretch = [];
        }
        if (stretch.Count > 0)
            yield return stretch;
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

    private static CurvePoint Summarize(List<(double X, double Y)> values)
    {
        var finite = values.Select(value => value.Y).Where(double.IsFinite).Select(value => Math.Clamp(value, -ValueMax, ValueMax)).ToList();
        var x = values[values.Count / 2].X;
        return finite.Count == 0
            ? new(x, double.NaN, double.NaN, double.NaN)
            : new(x, finite.Min(), finite.Average(), finite.Max());
    }
}
