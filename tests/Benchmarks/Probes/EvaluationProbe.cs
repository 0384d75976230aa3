using System.Diagnostics;
using Grpc.Core;
using VaeCluster.Benchmarks.Results;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Benchmarks.Probes;

/// <summary>
/// The evaluation of a trained model with importance samples, as <c>vaectl evaluate</c> asks for it, on two devices of one silo.
/// </summary>
/// <param name="figure">The figure, counted in held-out examples.</param>
/// <param name="samples">Importance samples per example.</param>
/// <param name="examples">Held-out examples.</param>
internal sealed class EvaluationProbe(string figure, int samples, int examples) : Probe(figure)
{
    /// <summary>How many train the model first: enough that it is no initial one.</summary>
    private const int TrainExamples = 2560;

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Measurement>> MeasureAsync(BenchmarkSettings settings, CancellationToken cancellationToken)
    {
        await using var silos = await BenchmarkSilos.StartAsync(["cpu:2"], cancellationToken);
        var runId = await TrainAsync(silos, cancellationToken);

        var clock = Stopwatch.StartNew();
        await silos.ReadAsync(clock, cancellationToken);
        var before = await silos.ReadAsync(clock, cancellationToken);
        using var call = silos.Cluster.Models.Evaluate(
            new EvaluateRequest { Model = new ModelRef { RunId = runId }, Samples = samples },
            cancellationToken: cancellationToken);
        Evaluation? report = null;
        await foreach (var progress in call.ResponseStream.ReadAllAsync(cancellationToken))
            report = progress.Report;
        var after = await silos.ReadAsync(clock, cancellationToken);

        if (report?.Examples != examples)
            throw new ProbeException($"The evaluation covered {report?.Examples ?? 0} of {examples} examples.");
        return [new(examples, after.Seconds - before.Seconds, after.CpuSeconds - before.CpuSeconds, after.PeakBytes)];
    }

    private async Task<string> TrainAsync(BenchmarkSilos silos, CancellationToken cancellationToken)
    {
        var request = TrainingProbe.Request(
            "mlp", $"data.count={examples + TrainExamples}", $"data.test={examples}", "training.epochs=1", "training.batch=256",
            "training.shards=2", "resources.trainers.max=2");
        var run = await silos.Cluster.Runs.SubmitAsync(request, cancellationToken: cancellationToken);
        await foreach (var update in silos.Cluster.WatchAsync(run.RunId, cancellationToken: cancellationToken))
            run = update;
        return run.Phase == Phase.Succeeded
            ? run.RunId
            : throw new ProbeException($"The run ended as {run.Phase}: {run.Conditions[^1].Message}");
    }
}
