using System.Collections.Immutable;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Grains.Storage;
using VaeCluster.Plots;

namespace VaeCluster.Grains.Runs;

/// <summary>What happens after the last step: the model is written, judged and pictured. It may take long, so the timer goes on meanwhile.</summary>
public sealed partial class RunGrain
{
    private Task? _finishing;
    private RunResults? _results;

    private async Task BeginFinishingAsync()
    {
        await ChangeAsync(state =>
        {
            if (state.Conditions[^1].Reason != RunReasons.Finishing)
                state.Conditions.Add(Condition(RunReasons.Finishing, "Every step was applied; the model is being judged and written."));
        });
        _finishing = _driving.Start(FinishAsync);
    }

    private async Task EndFinishingAsync()
    {
        var finishing = _finishing!;
        // Whatever went wrong, the next pass begins the finish again: all of it may be done twice.
        _finishing = null;
        try
        {
            await finishing;
        }
        catch (OperationCanceledException)
        {
            // The devices that judged are not the run's any more, or the run is not to finish.
            return;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await EndAsync(RunPhase.Failed, RunReasons.StorageFailed, $"The results could not be written: {e.Message}");
            return;
        }
        await EndAsync(RunPhase.Succeeded, RunReasons.Completed, Verdict(_results!), _results);
    }

    private async Task FinishAsync(CancellationToken driving)
    {
        var devices = await AwaitFinalWeightsAsync(driving);
        var model = await Server.SaveModelAsync().WaitAsync(driving);
        var losses = await JudgeAsync(devices, driving);
        var judged = losses.Examples > 0;
        _results = new RunResults
        {
            TestElbo = judged ? -(losses.Reconstruction + losses.Kl) / losses.Examples : double.NaN,
            TestReconstruction = judged ? losses.Reconstruction / losses.Examples : double.NaN,
            TestKl = judged ? losses.Kl / losses.Examples : double.NaN,
            TestExamples = losses.Examples,
            WeightsSha256 = model.WeightsSha256,
            LedgerChain = _ledger!.Chain,
        };
        foreach (var kind in Enum.GetValues<ImageKind>())
        {
            var image = (await WhileDealtAsync(GrainFactory.GetGrain<ITrainerGrain>(devices[0]).RenderAsync(RunId, kind), driving)).Unwrap();
            await RunFiles.WriteAsync(Path.Combine(_files.Artifacts(RunId), image.Name), image.Content, driving);
        }
        var metrics = _files.Metrics(RunId);
        var curve = await Task.Run(() => LossCurve.RenderPng([.. MetricsFile.Read(metrics)]), driving);
        await RunFiles.WriteAsync(Path.Combine(_files.Artifacts(RunId), "loss.png"), curve, driving);
    }

    /// <summary>Each shard of the held-out examples by one of the trainers; the sums are added in the order of the shards.</summary>
    private async Task<LossSums> JudgeAsync(ImmutableArray<string> devices, CancellationToken driving)
    {
        if (State.Plan!.Data.TestExamples == 0)
            return new(0, 0, 0);
        var dealt = ShardAssignment.Deal(_schedule!.Shards, devices.Length);
        var parts = await WhileDealtAsync(Task.WhenAll(devices.Select((device, index) => GrainFactory.GetGrain<ITrainerGrain>(device).EvaluateAsync(RunId, dealt[index]))), driving);
        return parts.SelectMany(part => part.Unwrap()).Aggregate((sum, next) => sum + next);
    }

    /// <summary>What a device answers, as long as it is the run's: a call to one that is gone must not be waited for until it times out.</summary>
    private async Task<T> WhileDealtAsync<T>(Task<T> call, CancellationToken driving)
    {
        await Task.WhenAny(call, _dealtAnew.Task).WaitAsync(driving);
        return call.IsCompleted ? await call : throw new OperationCanceledException("The devices were dealt anew meanwhile.");
    }

    /// <summary>The devices, once each of them holds the weights of the last step.</summary>
    private async Task<ImmutableArray<string>> AwaitFinalWeightsAsync(CancellationToken driving)
    {
        var deadline = _time.GetUtcNow() + TimeSpan.FromSeconds(30);
        while (true)
        {
            var devices = _devices;
            var statuses = await Task.WhenAll(devices.Select(StatusOfAsync));
            if (devices.Length > 0 && Array.TrueForAll(statuses, status => status?.RunId == RunId && status.Activity == TrainerActivity.Finished))
                return devices;
            if (_time.GetUtcNow() > deadline)
                throw new TimeoutException($"The trainers of run {RunId} did not fetch the final weights within 30 seconds.");
            await Task.Delay(_options.WatchPeriod / 4, _time, driving);
        }
    }

    private static string Verdict(RunResults results) => results.TestExamples == 0
        ? "All steps were applied. No example was held out, so nothing was judged."
        : FormattableString.Invariant($"Test ELBO {results.TestElbo:F2} nats (reconstruction {results.TestReconstruction:F2}, KL {results.TestKl:F2}) on {results.TestExamples} examples.");
}
