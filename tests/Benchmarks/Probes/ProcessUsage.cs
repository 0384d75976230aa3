using System.Globalization;
using VaeCluster.Benchmarks.Results;

namespace VaeCluster.Benchmarks.Probes;

/// <summary>What a process has used so far.</summary>
/// <param name="CpuSeconds">User and system time of all its threads.</param>
/// <param name="PeakBytes">Its largest resident memory.</param>
internal readonly record struct ProcessUsage(double CpuSeconds, long PeakBytes)
{
    /// <summary>That of a running process.</summary>
    /// <param name="id">Its id.</param>
    public static ProcessUsage Of(int id)
    {
        var folder = Path.Combine("/proc", id.ToString(CultureInfo.InvariantCulture));
        return new(
            ProcessStat.CpuSeconds(File.ReadAllText(Path.Combine(folder, "stat"))),
            ProcessStat.PeakBytes(File.ReadAllText(Path.Combine(folder, "status"))));
    }
}
