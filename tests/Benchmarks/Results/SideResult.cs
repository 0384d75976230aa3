namespace VaeCluster.Benchmarks.Results;

/// <summary>One side of a row over all rounds.</summary>
/// <param name="Value">In the row's unit.</param>
/// <param name="CpuSecondsPerThousand">The median; null where it is not measured.</param>
/// <param name="PeakBytes">The largest of all rounds; null where it is not measured.</param>
internal sealed record SideResult(Spread Value, double? CpuSecondsPerThousand, long? PeakBytes)
{
    /// <summary>The side of these measurements; null where there are none.</summary>
    public static SideResult? From(IReadOnlyDictionary<int, Measurement> rounds, Quantity quantity)
    {
        if (rounds.Count == 0)
            return null;
        double[] cpu = quantity.HasCpu ? [.. rounds.Values.Select(measured => measured.CpuSecondsPerThousand).OfType<double>()] : [];
        return new(
            Spread.From(rounds.Values.Select(quantity.Of)),
            cpu.Length > 0 ? Spread.From(cpu).Median : null,
            rounds.Values.Max(measured => measured.PeakBytes));
    }
}
