using Microsoft.Extensions.Logging;
using VaeCluster.Contracts.Runs;
using VaeCluster.Grains.Liveness;

namespace VaeCluster.Grains.Cluster;

/// <summary>
/// Reactivates runs that should be asking for devices and do not: they were on a silo that is gone, and whoever gets the call activates
/// them.
/// </summary>
internal sealed partial class RunReviver(IGrainFactory grains, LivenessOptions liveness, TimeProvider time, ILogger logger)
{
    private readonly Dictionary<string, DateTimeOffset> _expectedSince = new(StringComparer.Ordinal);
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    /// <summary>A run is expected to ask for devices from now on.</summary>
    public void Expect(string runId) => _expectedSince[runId] = time.GetUtcNow();

    /// <summary>A run has ended or is paused.</summary>
    public void Forget(string runId) => _expectedSince.Remove(runId);

    /// <summary>The runs that have been silent for longer than a lease lasts.</summary>
    /// <param name="runs">Runs that are open.</param>
    /// <param name="lastHeardOf">When a run last asked for devices; null when it never did.</param>
    public IReadOnlyList<string> Silent(IEnumerable<string> runs, Func<string, DateTimeOffset?> lastHeardOf)
    {
        var now = time.GetUtcNow();
        DateTimeOffset ExpectedSince(string run) => _expectedSince.TryGetValue(run, out var since) ? since : _startedAt;
        return [.. runs.Where(run => now - (lastHeardOf(run) ?? ExpectedSince(run)) > liveness.LeaseDuration)];
    }

    /// <summary>Reactivates runs; it is harmless for one that is active. All at once: one that cannot be reached must not keep the others waiting.</summary>
    public Task ReactivateAsync(IReadOnlyList<string> runs) => Task.WhenAll(runs.Select(ReactivateAsync));

    private async Task ReactivateAsync(string runId)
    {
        LogReactivating(runId);
        try
        {
            await grains.GetGrain<IRunGrain>(runId).ReactivateAsync().WaitAsync(liveness.ResponseTimeout, time);
        }
        catch (Exception e) when (CallFailures.IsTransient(e))
        {
            LogNotReactivated(runId, e.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Run {RunId} has been silent; it is reactivated.")]
    private partial void LogReactivating(string runId);

    [LoggerMessage(2, LogLevel.Warning, "Run {RunId} could not be reactivated; the cluster retries: {Reason}")]
    private partial void LogNotReactivated(string runId, string reason);
}
