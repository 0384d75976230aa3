using VaeCluster.Contracts.Cluster;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data;

namespace VaeCluster.Grains.Tests;

/// <summary>Submits small runs to a cluster and waits for them.</summary>
internal sealed class RunCalls(IGrainFactory grains)
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly string[] Small =
    [
        "data.count=250", "data.test=50", "data.imageSize=8", "model.hidden=[16]", "model.latent=2",
        "training.epochs=2", "training.batch=20", "training.shards=2", "resources.trainers.max=2",
    ];

    public IRunGrain Grain(string run) => grains.GetGrain<IRunGrain>(run);

    public Task<string> SubmitAsync(params string[] overrides) => SubmitAsync(data => data, overrides);

    /// <summary>Submits a run with a changed description of its data.</summary>
    public async Task<string> SubmitAsync(Func<DataDescription, DataDescription> describe, params string[] overrides)
    {
        var read = RunSpecReader.Read("name: tiny", [.. Small, .. overrides]);
        var spec = read.Spec ?? throw new ArgumentException(string.Join(" ", read.Errors), nameof(overrides));
        var runId = await grains.GetGrain<IClusterGrain>(IClusterGrain.TheKey).RegisterRunAsync(spec.Name);
        var data = DataSources.Open(spec.Data).Describe(spec.Data);
        await Grain(runId).SubmitAsync(new RunPlan { RunId = runId, SpecJson = RunSpecReader.Write(spec), Data = describe(data) });
        return runId;
    }

    public Task<RunSnapshot> EndAsync(string run) => UntilAsync(run, snapshot => snapshot.Phase.IsFinal(), "has not ended");

    /// <summary>Waits for a run to end, and to have succeeded.</summary>
    public async Task<RunSnapshot> SucceedAsync(string run)
    {
        var ended = await EndAsync(run);
        Assert.True(ended.Phase == RunPhase.Succeeded, $"Run {run} is {ended.Phase}: {ended.Conditions[^1].Message}");
        return ended;
    }

    public Task<RunSnapshot> UntilStepAsync(string run, long step) =>
        UntilAsync(run, snapshot => snapshot.Progress.Step >= step, $"has not reached step {step}");

    /// <summary>Waits until a run is as the condition asks.</summary>
    /// <param name="run">The run.</param>
    /// <param name="condition">What is awaited.</param>
    /// <param name="missing">What the failure says when it does not come: "has not ended".</param>
    public async Task<RunSnapshot> UntilAsync(string run, Func<RunSnapshot, bool> condition, string missing)
    {
        var deadline = DateTime.UtcNow + Limit;
        while (true)
        {
            var snapshot = await GetAsync(run, deadline);
            if (condition(snapshot))
                return snapshot;
            var state = $"it is {snapshot.Phase} at step {snapshot.Progress.Step}: {snapshot.Conditions[^1].Message}";
            Assert.False(snapshot.Phase.IsFinal(), $"Run {run} {missing}, and will not: {state}");
            Assert.True(DateTime.UtcNow < deadline, $"Run {run} {missing} within {Limit.TotalMinutes} minutes: {state}");
            await WaitAsync(run, snapshot.Version);
        }
    }

    /// <summary>Waits until nothing works for a run any more: that is a moment after it has ended or was paused.</summary>
    public async Task UntilReleasedAsync(string run)
    {
        var deadline = DateTime.UtcNow + Limit;
        while ((await grains.GetGrain<IClusterGrain>(IClusterGrain.TheKey).ListDevicesAsync()).Any(device => device.RunId == run))
        {
            Assert.True(DateTime.UtcNow < deadline, $"Run {run} still has devices after {Limit.TotalMinutes} minutes.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The run, from whichever silo has it: calls to one that was just killed fail until it is declared dead.</summary>
    private async Task<RunSnapshot> GetAsync(string run, DateTime deadline)
    {
        while (true)
        {
            try
            {
                return await Grain(run).GetAsync() ?? throw new InvalidOperationException($"There is no run {run}.");
            }
            catch (Exception e) when (e is OrleansException or TimeoutException)
            {
                Assert.True(DateTime.UtcNow < deadline, $"Run {run} could not be reached within {Limit.TotalMinutes} minutes: {e.Message}");
            }
        }
    }

    private async Task WaitAsync(string run, long version)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            await foreach (var snapshot in Grain(run).WatchAsync(timeout.Token))
            {
                if (snapshot.Version > version)
                    return;
            }
        }
        catch (Exception e) when (e is OrleansException or TimeoutException or EnumerationAbortedException or OperationCanceledException)
        {
            // Nothing changed, or its silo is gone; the next call finds it on another.
        }
    }
}
