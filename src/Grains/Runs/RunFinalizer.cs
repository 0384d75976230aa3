using System.Collections.Immutable;
using System.Globalization;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Data;
using VaeCluster.Grains.Evaluations;
using VaeCluster.Plots;

namespace VaeCluster.Grains.Runs;

/// <summary>
/// What happens after the last step: the model is written, evaluated and rendered. It may take long, so the passes go on meanwhile; all of it may be done
/// twice.
/// </summary>
internal sealed class RunFinalizer(RunSession session, TrainerFleet fleet, RunRecorder recorder, ShardEvaluations evaluations)
{
    private Task<RunResults>? _work;

    /// <summary>Whether it was begun, and its outcome not taken yet.</summary>
    public bool IsUnderWay => _work is not null;

    /// <summary>Begins.</summary>
    public async Task BeginAsync()
    {
        if (session.State.Conditions[^1].Reason != RunReasons.Finishing)
            await session.Store.AddConditionAsync(RunReasons.Finishing, "Every step was applied; the model is being evaluated and written.");
        _work = FinalizeAsync(session.Work.Ending);
        _ = session.Work.Start(_ => _work);
    }

    /// <summary>How the run ends, once the work is done; null while it is not, or where it has to begin again.</summary>
    /// <exception cref="OrleansException">A call was lost; the next pass begins again.</exception>
    /// <exception cref="TimeoutException">A trainer did not answer; the next pass begins again.</exception>
    public async Task<RunOutcome?> TakeOutcomeAsync()
    {
        if (_work is not { IsCompleted: true } work)
            return null;
        // Whatever went wrong, the next pass begins again.
        _work = null;
        try
        {
            var results = await work;
            return new(RunPhase.Succeeded, RunReasons.Completed, Summary(results), results);
        }
        catch (OperationCanceledException)
        {
            // The devices that evaluated are not the run's any more, or the run is not to end so.
            return null;
        }
        catch (Exception e) when (CallFailures.StorageErrorIn(e) is not null)
        {
            return RunOutcome.Failed(RunReasons.StorageFailed, $"The results could not be written: {e.Message}");
        }
    }

    private async Task<RunResults> FinalizeAsync(CancellationToken cancellationToken)
    {
        var devices = await fleet.AwaitFinalWeightsAsync(cancellationToken);
        var model = await session.Server.SaveModelAsync().WaitAsync(cancellationToken);
        var losses = await EvaluateAsync(devices, model.WeightsSha256, cancellationToken);
        foreach (var kind in Enum.GetValues<ImageKind>())
            await RenderAsync(devices[0], kind, cancellationToken);
        var metrics = session.Files.Metrics(session.RunId);
        var curve = await Task.Run(() => LossCurve.RenderPng([.. MetricsFile.Read(metrics)]), cancellationToken);
        await WriteAsync("loss.png", curve, cancellationToken);
        var isEvaluated = losses.Examples > 0;
        return new RunResults
        {
            TestElbo = isEvaluated ? -(losses.Reconstruction + losses.Kl) / losses.Examples : double.NaN,
            TestReconstruction = isEvaluated ? losses.Reconstruction / losses.Examples : double.NaN,
            TestKl = isEvaluated ? losses.Kl / losses.Examples : double.NaN,
            TestExamples = losses.Examples,
            WeightsSha256 = model.WeightsSha256,
            LedgerChain = recorder.LedgerChain,
        };
    }

    /// <summary>The held-out examples by the trainers that have the weights; the sums are added in the order of the shards.</summary>
    private async Task<LossSums> EvaluateAsync(ImmutableArray<string> devices, string weightsSha256, CancellationToken cancellationToken)
    {
        if (session.Plan.Data.TestExamples == 0)
            return new(0, 0, 0);
        var task = new EvaluationTask { Plan = session.Plan, Step = session.Schedule.StepCount, IsFinal = true, WeightsSha256 = weightsSha256, Samples = 0 };
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var call = evaluations.EvaluateAsync(task, session.Schedule.Shards, () => devices, _ => { }, ending.Token);
        try
        {
            var shards = await fleet.WhileAssignedAsync(call, cancellationToken);
            return shards.Select(shard => shard.Losses).Aggregate((sum, next) => sum + next);
        }
        finally
        {
            await ending.CancelAsync();
        }
    }

    private async Task RenderAsync(string device, ImageKind kind, CancellationToken cancellationToken)
    {
        var call = session.Grains.GetGrain<ITrainerGrain>(device).RenderAsync(session.RunId, kind);
        var image = (await fleet.WhileAssignedAsync(call, cancellationToken)).Unwrap();
        await WriteAsync(image.Name, image.Content, cancellationToken);
    }

    private Task WriteAsync(string name, byte[] content, CancellationToken cancellationToken) =>
        AtomicFile.WriteAsync(Path.Combine(session.Files.Artifacts(session.RunId), name), content, cancellationToken);

    private static string Summary(RunResults results) => results.TestExamples == 0
        ? "All steps were applied. No example was held out, so nothing was evaluated."
        : string.Create(CultureInfo.InvariantCulture,
            $"Test ELBO {results.TestElbo:F2} nats (reconstruction {results.TestReconstruction:F2}, KL {results.TestKl:F2}) on "
                + $"{results.TestExamples} examples.");
}
