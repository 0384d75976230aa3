using System.Diagnostics;
using VaeCluster.Benchmarks.Results;
using VaeCluster.Tests.Support.Processes;

namespace VaeCluster.Benchmarks.Probes;

/// <summary>What a user waits for: a silo until it is ready, its first step, and <c>vaectl list</c>.</summary>
/// <param name="ready">The figure from the start of the process until it is ready, with libtorch loaded.</param>
/// <param name="firstStep">
/// The figure from there through a submitted run until its first step is applied, the start of the process included.
/// </param>
/// <param name="list">The figure of the command.</param>
internal sealed class StartProbe(string ready, string firstStep, string list) : Probe(ready, firstStep, list)
{
    private const int Lists = 5;

    private static readonly TimeSpan ListTimeout = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Measurement>> MeasureAsync(BenchmarkSettings settings, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        await using var silos = await BenchmarkSilos.StartAsync(["cpu:1"], cancellationToken);
        var secondsToReady = clock.Elapsed.TotalSeconds;
        var run = await silos.Cluster.Runs.SubmitAsync(
            TrainingProbe.Request("mlp", "training.batch=128", "training.shards=1", "resources.trainers.max=1"),
            cancellationToken: cancellationToken);
        await TrainingProbe.WaitForStepAsync(silos, run.RunId, cancellationToken);
        var secondsToStep = clock.Elapsed.TotalSeconds;
        await silos.Cluster.Runs.CancelAsync(new Contracts.V1.GetRunRequest { RunId = run.RunId }, cancellationToken: cancellationToken);

        var lists = new List<double>();
        for (var i = 0; i < Lists; i++)
            lists.Add(await ListAsync(silos.Server, cancellationToken));
        return [new(1, secondsToReady), new(1, secondsToStep), new(1, Spread.From(lists).Median)];
    }

    private static async Task<double> ListAsync(Uri server, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        await using var vaectl = RunningProgram.Start(BuiltRepository.Program("Client", "vaectl"), ["--server", server.ToString(), "list"]);
        var exitCode = await vaectl.ExitAsync(ListTimeout, cancellationToken);
        var seconds = clock.Elapsed.TotalSeconds;
        return exitCode == 0 ? seconds : throw new ProbeException($"vaectl list ended with exit code {exitCode}: {vaectl.Output}");
    }
}
