using System.Diagnostics;
using VaeCluster.Benchmarks.Probes;
using VaeCluster.Benchmarks.Results;

namespace VaeCluster.Benchmarks.Workloads;

/// <summary>Takes turns of a workload for a time, after a warm-up, and measures this process.</summary>
internal static class MeasuredLoop
{
    private const double WarmUpSecondsMin = 1;

    /// <summary>The measurement.</summary>
    /// <param name="workload">What is done.</param>
    /// <param name="seconds">Length of the measured window; a third as much, and a second at least, goes before it.</param>
    public static Measurement Run(IWorkload workload, double seconds)
    {
        _ = TurnsIn(workload, Math.Max(WarmUpSecondsMin, seconds / 3));
        var before = ProcessUsage.Of(Environment.ProcessId);
        var (turns, elapsed) = TurnsIn(workload, seconds);
        var after = ProcessUsage.Of(Environment.ProcessId);
        return new(turns * workload.CountPerTurn, elapsed, after.CpuSeconds - before.CpuSeconds, after.PeakBytes);
    }

    private static (long Turns, double Seconds) TurnsIn(IWorkload workload, double seconds)
    {
        var clock = Stopwatch.StartNew();
        var turns = 0L;
        do
        {
            workload.Turn();
            turns++;
        }
        while (clock.Elapsed.TotalSeconds < seconds);
        return (turns, clock.Elapsed.TotalSeconds);
    }
}
