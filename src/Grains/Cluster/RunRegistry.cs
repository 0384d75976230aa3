using System.Collections.Immutable;
using System.Globalization;
using VaeCluster.Contracts.Cluster;
using VaeCluster.Contracts.Runs;

namespace VaeCluster.Grains.Cluster;

/// <summary>Every run of the cluster and how it ended, on disk. A change that cannot be written is rolled back.</summary>
internal sealed class RunRegistry(IPersistentState<RunRegistryState> state)
{
    /// <summary>Some runs, oldest first.</summary>
    /// <param name="after">Those behind the run of this number.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="isActive">Whether a run is active.</param>
    public ImmutableArray<RunEntry> Page(long after, int count, Func<string, bool> isActive) =>
    [
        .. state.State.Runs
            .Select(run => (run.RunId, Number: NumberOf(run.RunId)))
            .SkipWhile(run => run.Number <= after)
            .Take(count)
            .Select(run => new RunEntry(run.RunId, run.Number, isActive(run.RunId))),
    ];

    /// <summary>The runs that have not ended and are not paused, oldest first.</summary>
    public ImmutableArray<string> Open => [.. state.State.Runs.Where(run => run.Ended is null).Select(run => run.RunId)];

    /// <summary>Makes a new run id from a name, and registers the run.</summary>
    public async Task<string> RegisterAsync(string name)
    {
        var runId = $"{name}-{state.State.NextNumber}";
        await ChangeAsync(registry =>
        {
            registry.NextNumber++;
            registry.Runs.Add(new RegisteredRun { RunId = runId });
        });
        return runId;
    }

    /// <summary>A run has ended, or was paused. Does nothing where it is closed already.</summary>
    public Task CloseAsync(string runId, RunPhase phase) => state.State.Runs.Exists(run => run.RunId == runId && run.Ended is null)
        ? ChangeAsync(registry => registry.Runs.Single(run => run.RunId == runId).Ended = phase)
        : Task.CompletedTask;

    /// <summary>A run goes on. Does nothing where it is open already.</summary>
    public Task ReopenAsync(string runId) => state.State.Runs.Exists(run => run.RunId == runId && run.Ended is not null)
        ? ChangeAsync(registry => registry.Runs.Single(run => run.RunId == runId).Ended = null)
        : Task.CompletedTask;

    /// <summary>How many runs are in each phase.</summary>
    /// <param name="hasDevices">Whether a run that has not ended has devices.</param>
    public Dictionary<RunPhase, int> CountByPhase(Func<string, bool> hasDevices) => Enum.GetValues<RunPhase>().ToDictionary(
        phase => phase,
        phase => state.State.Runs.Count(run => (run.Ended ?? (hasDevices(run.RunId) ? RunPhase.Running : RunPhase.Pending)) == phase));

    /// <summary>The number that <see cref="RegisterAsync"/> put at the end of an id.</summary>
    private static long NumberOf(string runId) => long.Parse(runId.AsSpan(runId.LastIndexOf('-') + 1), CultureInfo.InvariantCulture);

    private async Task ChangeAsync(Action<RunRegistryState> change)
    {
        change(state.State);
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            // Memory must not stay ahead of the disk.
            await state.ReadStateAsync();
            throw;
        }
    }
}
