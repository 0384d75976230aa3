using System.Globalization;
using Microsoft.Extensions.Options;
using VaeCluster.Contracts.Cluster;
using VaeCluster.Contracts.Runs;
using VaeCluster.Grains.Storage;

namespace VaeCluster.Grains.Runs;

/// <summary>
/// Lists runs without activating any: those that are active say how they are, the others are read from their files. A cluster keeps every run that it ever had.
/// </summary>
public sealed class RunLists
{
    /// <summary>Runs that are looked at for one page, where few are in the phases that are wanted.</summary>
    private const int LookedAtMax = 1000;

    private const int LookedAtOnce = 100;

    private readonly IGrainFactory _grains;
    private readonly FileGrainStorage _storage;

    /// <summary>For the container.</summary>
    public RunLists(IGrainFactory grains, RunFiles files, IOptions<DataDirectoryOptions> options)
    {
        _grains = grains;
        _storage = new FileGrainStorage(files, options);
    }

    /// <summary>A page of the runs, oldest first.</summary>
    /// <param name="pageToken">What the page before returned; empty for the first.</param>
    /// <param name="pageSize">At most so many runs.</param>
    /// <param name="isWanted">Which phases.</param>
    /// <param name="cancellationToken">Ends it between runs.</param>
    /// <returns>The runs, perhaps fewer than fit, and the token of the next page; empty after the last.</returns>
    /// <exception cref="ArgumentException">The token is none that a page returned.</exception>
    public async Task<(IReadOnlyList<RunSnapshot> Runs, string NextPageToken)> ListAsync(
        string pageToken,
        int pageSize,
        Func<RunPhase, bool> isWanted,
        CancellationToken cancellationToken)
    {
        var (runs, after) = (new List<RunSnapshot>(), NumberOf(pageToken));
        for (var lookedAt = 0; lookedAt < LookedAtMax; lookedAt += LookedAtOnce)
        {
            var entries = await _grains.GetGrain<IClusterGrain>(IClusterGrain.TheKey).ListRunsAsync(after, LookedAtOnce);
            foreach (var entry in entries)
            {
                if (runs.Count == pageSize)
                    return (runs, TokenOf(after));
                cancellationToken.ThrowIfCancellationRequested();
                after = entry.Number;
                // A run that is registered but was never submitted, because its gateway died in between, is left out.
                if (await FindAsync(entry) is { } run && isWanted(run.Phase))
                    runs.Add(run);
            }
            if (entries.Length < LookedAtOnce)
                return (runs, "");
        }
        return (runs, TokenOf(after));
    }

    private async Task<RunSnapshot?> FindAsync(RunEntry entry)
    {
        if (entry.IsActive)
            return await _grains.GetGrain<IRunGrain>(entry.RunId).GetAsync();
        var found = new GrainState<RunState>(new RunState());
        await _storage.ReadStateAsync(FileGrainStorage.RunStateName, GrainId.Create("run", entry.RunId), found);
        return found.State is { Plan: not null } state ? RunStateStore.SnapshotOf(entry.RunId, 0, state) : null;
    }

    private static string TokenOf(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static long NumberOf(string pageToken)
    {
        if (pageToken.Length == 0)
            return 0;
        return long.TryParse(pageToken, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ArgumentException("page_token is none that a list returned. Leave it out for the first page.");
    }
}
