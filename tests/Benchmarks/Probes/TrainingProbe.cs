using System.Diagnostics;
using System.Globalization;
using VaeCluster.Benchmarks.Results;
using VaeCluster.Contracts.V1;
using VaeCluster.Tests.Support.Processes;

namespace VaeCluster.Benchmarks.Probes;

/// <summary>
/// Ours: a run on fresh silos, counted in steps that the parameter server applied between two instants after a warm-up.
/// </summary>
/// <param name="figure">The figure.</param>
/// <param name="spec">A file of Specs, without .yaml.</param>
/// <param name="devices">The devices of each silo, one trainer each.</param>
/// <param name="batch">Examples in one global batch.</param>
/// <param name="overrides">Other fields of the spec.</param>
internal sealed class TrainingProbe(string figure, string spec, IReadOnlyList<string> devices, int batch, params string[] overrides)
    : Probe(figure)
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StartPeriod = TimeSpan.FromMilliseconds(50);

    /// <summary>Whether steps are counted rather than samples.</summary>
    public bool CountsSteps { get; init; }

    /// <summary>Seconds that the measured window must have at least, unless the run is a quick one.</summary>
    public double SecondsMin { get; init; }

    /// <summary>The request for such a run.</summary>
    /// <param name="spec">A file of Specs, without .yaml.</param>
    /// <param name="overrides">Other fields of the spec.</param>
    public static SubmitRequest Request(string spec, params string[] overrides) => new()
    {
        Spec = File.ReadAllText(Path.Combine(BuiltRepository.Root, "tests", "Benchmarks", "Specs", $"{spec}.yaml")),
        Overrides = { overrides },
    };

    /// <summary>Waits until a run has applied its first step.</summary>
    /// <exception cref="ProbeException">It ended before.</exception>
    public static Task<Run> WaitForStepAsync(BenchmarkSilos silos, string runId, CancellationToken cancellationToken) => Polling.GetAsync(
        $"The first step of {runId}",
        async () => await GetAsync(silos, runId, cancellationToken) is { Progress.Step: > 0 } run ? run : null,
        StartTimeout,
        StartPeriod,
        cancellationToken);

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Measurement>> MeasureAsync(BenchmarkSettings settings, CancellationToken cancellationToken)
    {
        await using var silos = await BenchmarkSilos.StartAsync(devices, cancellationToken);
        var trainers = devices.Sum(TrainersOf);
        string[] fields =
        [
            $"training.batch={batch}", $"training.shards={trainers}",
            $"resources.trainers.min={trainers}", $"resources.trainers.max={trainers}", .. overrides,
        ];
        var submitted = await silos.Cluster.Runs.SubmitAsync(Request(spec, fields), cancellationToken: cancellationToken);
        await WaitForStepAsync(silos, submitted.RunId, cancellationToken);
        await Task.Delay(settings.WarmUp, cancellationToken);

        var clock = Stopwatch.StartNew();
        await silos.ReadAsync(clock, cancellationToken);
        var before = await silos.ReadAsync(clock, cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(settings.Window(SecondsMin)), cancellationToken);
        var after = await silos.ReadAsync(clock, cancellationToken);
        await GetAsync(silos, submitted.RunId, cancellationToken);
        await silos.Cluster.Runs.CancelAsync(new GetRunRequest { RunId = submitted.RunId }, cancellationToken: cancellationToken);

        var steps = after.Count - before.Count;
        if (steps <= 0)
            throw new ProbeException($"The run applied no step in {after.Seconds - before.Seconds:N1} s. Pass longer windows: --seconds.");
        var count = CountsSteps ? steps : steps * batch;
        return [new(count, after.Seconds - before.Seconds, after.CpuSeconds - before.CpuSeconds, after.PeakBytes)];
    }

    /// <summary>The run, which must not have ended.</summary>
    private static async Task<Run> GetAsync(BenchmarkSilos silos, string runId, CancellationToken cancellationToken)
    {
        var run = await silos.Cluster.Runs.GetAsync(new GetRunRequest { RunId = runId }, cancellationToken: cancellationToken);
        return run.EndedAt is null ? run : throw new ProbeException($"The run ended as {run.Phase}: {run.Conditions[^1].Message}");
    }

    private static int TrainersOf(string devices) => int.Parse(devices["cpu:".Length..], CultureInfo.InvariantCulture);
}
