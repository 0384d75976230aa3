using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using VaeCluster.Benchmarks.Results;
using VaeCluster.Client;
using VaeCluster.Tests.Support.Processes;

namespace VaeCluster.Benchmarks.Probes;

/// <summary>
/// A cluster of fresh silo processes, started as a user starts it, with a data directory that is deleted with it. Fresh, because peak
/// memory counts from the start of a process, and because what ran before must not have compiled or allocated anything for the run that
/// is measured.
/// </summary>
internal sealed partial class BenchmarkSilos : IAsyncDisposable
{
    private const int FirstInstance = 40;

    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ReadyPeriod = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);

    private readonly List<SiloProgram> _silos = [];
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("vaecluster-bench-");
    private SiloPorts? _primary;

    private BenchmarkSilos()
    {
    }

    /// <summary>Where the warnings of all silos are kept.</summary>
    public static string LogPath { get; } = Path.Combine(BuiltRepository.Root, "out", "bench", "silos.log");

    /// <summary>Speaks with the first silo.</summary>
    public VaeClusterClient Cluster => _silos[0].Cluster;

    /// <summary>The address of the first silo's API.</summary>
    public Uri Server => _silos[0].Server;

    /// <summary>Starts silos, one after the other, each when the one before is ready.</summary>
    /// <param name="devices">The devices of each silo, e.g. <c>cpu:2</c>.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<BenchmarkSilos> StartAsync(IReadOnlyList<string> devices, CancellationToken cancellationToken)
    {
        var silos = new BenchmarkSilos();
        try
        {
            foreach (var offered in devices)
                await silos.AddAsync(offered, cancellationToken);
            return silos;
        }
        catch
        {
            await silos.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Steps that the silos' parameter servers applied so far, with the processor time and the peak memory of all silos. Call it once
    /// before the first reading that counts: a silo compiles code for its first answer.
    /// </summary>
    public async Task<Measurement> ReadAsync(Stopwatch clock, CancellationToken cancellationToken)
    {
        var seconds = clock.Elapsed.TotalSeconds;
        var steps = 0.0;
        foreach (var silo in _silos)
            steps += StepsIn(await silo.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), cancellationToken));
        var usages = _silos.Select(silo => ProcessUsage.Of(silo.Id)).ToList();
        return new(steps, seconds, usages.Sum(usage => usage.CpuSeconds), usages.Sum(usage => usage.PeakBytes));
    }

    public async ValueTask DisposeAsync()
    {
        // The first one last: the membership is its own.
        foreach (var silo in _silos.AsEnumerable().Reverse())
        {
            if (!silo.HasExited)
                await StopAsync(silo);
            await silo.DisposeAsync();
            await KeepLogAsync(silo);
        }
        _data.Delete(recursive: true);
    }

    /// <summary>Keeps what a silo warned of: the reason why a row is missing may be there.</summary>
    private static Task KeepLogAsync(SiloProgram silo) => File.AppendAllTextAsync(LogPath, silo.Output);

    private async Task AddAsync(string devices, CancellationToken cancellationToken)
    {
        var ports = SiloPorts.FindFree();
        _primary ??= ports;
        var silo = SiloProgram.Start(ports,
        [
            "--instance", $"{FirstInstance + _silos.Count}", "--primary", $"127.0.0.1:{_primary.Silo}", "--devices", devices,
            "--data-dir", _data.FullName, "--cluster-id", "bench", "--log-level", "warning",
        ]);
        _silos.Add(silo);
        await silo.WaitUntilReadyAsync(ReadyTimeout, ReadyPeriod, cancellationToken);
    }

    /// <summary>
    /// In good order, so that the next measurement does not run beside what is left of this one. Disposal kills a silo that does not end.
    /// </summary>
    private static async Task StopAsync(SiloProgram silo)
    {
        try
        {
            await silo.StopAsync(StopTimeout, CancellationToken.None);
        }
        catch (TimeoutException e)
        {
            await Console.Error.WriteLineAsync($"bench: {e.Message}");
        }
    }

    private static double StepsIn(string metrics) =>
        StepCounter().Matches(metrics).Sum(match => double.Parse(match.Groups["value"].ValueSpan, CultureInfo.InvariantCulture));

    /// <summary>The count of a histogram that a parameter server adds to with each step, so that it lags behind by none.</summary>
    [GeneratedRegex(@"^vaecluster_step_duration_seconds_count(\{.*\})? (?<value>\S+)", RegexOptions.Multiline)]
    private static partial Regex StepCounter();
}
