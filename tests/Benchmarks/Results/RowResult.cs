namespace VaeCluster.Benchmarks.Results;

/// <summary>A row with what was measured of it.</summary>
/// <param name="Row">The row.</param>
/// <param name="Ours">Our side; null where it could not be measured.</param>
/// <param name="Other">The other side; null where there is none or it could not be measured.</param>
/// <param name="Ratio">
/// Our median over the other's, between the least and the greatest ratio of a single round; null without two sides.
/// </param>
/// <param name="Failure">Why a side could not be measured in some round; empty when all could.</param>
internal sealed record RowResult(BenchmarkRow Row, SideResult? Ours, SideResult? Other, Spread? Ratio, string Failure)
{
    /// <summary>Whether the target was reached; null where there is none, or nothing to compare with it.</summary>
    public bool? IsReached => Row switch
    {
        { Target: null } => null,
        { Against: null } => Ours is null ? null : Ours.Value.Median <= Row.Target,
        _ => Ratio is null ? null : Ratio.Value.Median >= Row.Target,
    };

    /// <summary>The result of a row.</summary>
    public static RowResult From(BenchmarkRow row, FigureLog log)
    {
        var ours = log.Of(row.Figure);
        IReadOnlyDictionary<int, Measurement> others = row.Against is null ? new SortedDictionary<int, Measurement>() : log.Of(row.Against);
        var (our, other) = (SideResult.From(ours, row.Quantity), SideResult.From(others, row.Quantity));
        string?[] figures = [row.Figure, row.Against];
        return new(row, our, other, RatioOf(row, ours, others),
            string.Join(" ", figures.OfType<string>().Where(log.Failures.ContainsKey).Select(figure => log.Failures[figure])));
    }

    private static Spread? RatioOf(
        BenchmarkRow row, IReadOnlyDictionary<int, Measurement> ours, IReadOnlyDictionary<int, Measurement> others)
    {
        int[] rounds = [.. ours.Keys.Intersect(others.Keys)];
        if (rounds.Length == 0)
            return null;
        double Median(IReadOnlyDictionary<int, Measurement> side) =>
            Spread.From(rounds.Select(round => row.Quantity.Of(side[round]))).Median;
        var single = Spread.From(rounds.Select(round => row.Quantity.Of(ours[round]) / row.Quantity.Of(others[round])));
        return single with { Median = Median(ours) / Median(others) };
    }
}
