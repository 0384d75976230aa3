namespace VaeCluster.Benchmarks.Results;

/// <summary>What was measured of one figure in one round.</summary>
/// <param name="Count">How many samples, steps, bytes or starts were counted.</param>
/// <param name="Seconds">Wall time that they took.</param>
/// <param name="CpuSeconds">User and system time of all processes of the side in that time; null where it is not measured.</param>
/// <param name="PeakBytes">Largest resident memory of the side's processes so far, added up; null where it is not measured.</param>
internal sealed record Measurement(double Count, double Seconds, double? CpuSeconds = null, long? PeakBytes = null)
{
    /// <summary>Counted per second.</summary>
    public double Rate => Count / Seconds;

    /// <summary>Seconds for each one that was counted.</summary>
    public double SecondsEach => Seconds / Count;

    /// <summary>Processor seconds per thousand counted.</summary>
    public double? CpuSecondsPerThousand => 1000 * CpuSeconds / Count;

    /// <summary>
    /// Several processes that did one thing together: counts, processor time and memory are added, and the slowest gives the time.
    /// </summary>
    public static Measurement Together(IReadOnlyList<Measurement> parts) => new(
        parts.Sum(part => part.Count),
        parts.Max(part => part.Seconds),
        parts.All(part => part.CpuSeconds is not null) ? parts.Sum(part => part.CpuSeconds) : null,
        parts.All(part => part.PeakBytes is not null) ? parts.Sum(part => part.PeakBytes) : null);
}
