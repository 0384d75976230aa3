using System.Globalization;

namespace VaeCluster.Benchmarks.Results;

/// <summary>What Linux's /proc tells of a process.</summary>
internal static class ProcessStat
{
    /// <summary>The unit of times in /proc/PID/stat: USER_HZ, which Linux fixes at 100 per second for programs.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>User and system time of a process so far, in seconds, all of its threads together.</summary>
    /// <param name="stat">The content of /proc/PID/stat.</param>
    /// <exception cref="FormatException">It is not such a content.</exception>
    public static double CpuSeconds(string stat)
    {
        // The program's name stands in parentheses and may contain spaces and parentheses itself.
        string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 13)
            throw new FormatException($"'{stat}' is no content of /proc/PID/stat: fewer than 15 fields.");
        // Fields 14 and 15 of proc(5), counted from 1; the two before the state are cut off.
        long Ticks(int field) => long.Parse(fields[field], CultureInfo.InvariantCulture);
        return (Ticks(11) + Ticks(12)) / TicksPerSecond;
    }

    /// <summary>The largest resident memory of a process so far, in bytes.</summary>
    /// <param name="status">The content of /proc/PID/status.</param>
    /// <exception cref="FormatException">It is not such a content.</exception>
    public static long PeakBytes(string status)
    {
        var line = Array.Find(status.Split('\n'), line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
            ?? throw new FormatException("The content of /proc/PID/status has no line VmHWM.");
        return 1024 * long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
