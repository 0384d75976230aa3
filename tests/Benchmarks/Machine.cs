using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

namespace VaeCluster.Benchmarks;

/// <summary>The machine that measures, as far as it bears on the figures.</summary>
internal sealed record Machine
{
    /// <summary>Flags of /proc/cpuinfo that bear on matrix products and vector loops, and whether it is a virtual machine.</summary>
    private static readonly string[] NotableFlags =
        ["avx", "avx2", "fma", "avx512f", "avx512_bf16", "avx512_vnni", "amx_tile", "hypervisor"];

    /// <summary>The share of the processors that others may use before a reader is warned.</summary>
    private const double BusyShareMax = 0.05;

    public required string Processor { get; init; }

    public required int Cores { get; init; }

    /// <summary>Of <see cref="NotableFlags"/>, those that it has.</summary>
    public required string Flags { get; init; }

    /// <summary>How the kernel chooses the clock rate.</summary>
    public required string Governor { get; init; }

    public required string Memory { get; init; }

    public required string OperatingSystem { get; init; }

    public required string DotNet { get; init; }

    public required string LibTorch { get; init; }

    public required string PyTorch { get; init; }

    /// <summary>Means over 1, 5 and 15 minutes, when the benchmark began.</summary>
    public required string LoadAverage { get; init; }

    /// <summary>The share of the processors that others used in the second before the benchmark began, 0 to 1.</summary>
    public required double BusyShare { get; init; }

    /// <summary>Why the figures are to be doubted; empty on an idle machine.</summary>
    public string Warning => BusyShare > BusyShareMax
        ? FormattableString.Invariant(
            $"The machine was not idle: others used {BusyShare:P0} of its processors at the start (load average {LoadAverage}).")
        : "";

    /// <summary>Looks at this machine, for a second.</summary>
    /// <param name="python">The Python whose PyTorch is a peer.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Machine> ReadAsync(string python, CancellationToken cancellationToken)
    {
        var processors = await File.ReadAllLinesAsync("/proc/cpuinfo", cancellationToken);
        string Of(string name) =>
            processors.FirstOrDefault(line => line.StartsWith($"{name}\t", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown";
        return new Machine
        {
            Processor = Of("model name"),
            Cores = Environment.ProcessorCount,
            Flags = string.Join(", ", NotableFlags.Intersect(Of("flags").Split(' '))),
            Governor = ReadOr("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "not exposed"),
            Memory = string.Create(CultureInfo.InvariantCulture, $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9:N0} GB"),
            OperatingSystem = $"{RuntimeInformation.OSDescription}, Linux {Environment.OSVersion.Version.ToString(3)}",
            DotNet = RuntimeInformation.FrameworkDescription,
            LibTorch = typeof(Machine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
                .Single(attribute => attribute.Key == "LibTorch").Value!,
            PyTorch = await Probes.PyTorchProbe.VersionAsync(python, cancellationToken),
            LoadAverage = string.Join(' ', ReadOr("/proc/loadavg", "unknown").Split(' ').Take(3)),
            BusyShare = await BusyShareAsync(cancellationToken),
        };
    }

    private static string ReadOr(string path, string otherwise) => File.Exists(path) ? File.ReadAllText(path).Trim() : otherwise;

    private static async Task<double> BusyShareAsync(CancellationToken cancellationToken)
    {
        var (idleBefore, allBefore) = ProcessorTimes();
        await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        var (idle, all) = ProcessorTimes();
        return all > allBefore ? 1 - ((idle - idleBefore) / (all - allBefore)) : 0;
    }

    /// <summary>The first line of /proc/stat: user, nice, system, idle, iowait and more, in ticks.</summary>
    private static (double Idle, double All) ProcessorTimes()
    {
        double[] times = [.. File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Take(8).Select(field => double.Parse(field, CultureInfo.InvariantCulture))];
        return (times[3] + times[4], times.Sum());
    }
}
