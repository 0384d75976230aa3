using System.Runtime.CompilerServices;
using VaeCluster.Contracts.Runs;
using VaeCluster.Grains.Storage;

namespace VaeCluster.Grains.Runs;

/// <summary>Finds the grain of a run by the id that a caller gave, and makes exceptions of what it refuses.</summary>
public sealed class RunGrains
{
    private readonly IGrainFactory _grains;
    private readonly RunFiles _files;

    /// <summary>For the container.</summary>
    public RunGrains(IGrainFactory grains, RunFiles files)
    {
        _grains = grains;
        _files = files;
    }

    /// <summary>The grain of a run.</summary>
    /// <param name="runId">The id that a caller gave.</param>
    /// <exception cref="ArgumentException">No id was given.</exception>
    /// <exception cref="KeyNotFoundException">
    /// The id is none that a run can have. Its grain would fail to read its state, which looks like a broken cluster.
    /// </exception>
    public IRunGrain this[string runId]
    {
        get
        {
            if (string.IsNullOrEmpty(runId))
                throw new ArgumentException("run_id is empty; it must name a run. `vaectl list` lists the runs.");
            try
            {
                _files.Folder(runId);
            }
            catch (ArgumentException e)
            {
                throw new KeyNotFoundException(RunAnswer.NotFoundMessage(runId), e);
            }
            return _grains.GetGrain<IRunGrain>(runId);
        }
    }

    /// <summary>The run as it is now.</summary>
    /// <exception cref="KeyNotFoundException">There is no such run.</exception>
    public async Task<RunSnapshot> GetAsync(string runId) => await this[runId].GetAsync() ?? throw new KeyNotFoundException(RunAnswer.NotFoundMessage(runId));

    /// <summary>The run as it is now, and again whenever it changes, until it has ended. Goes on where the run moves to another silo.</summary>
    /// <exception cref="KeyNotFoundException">There is no such run.</exception>
    public async IAsyncEnumerable<RunSnapshot> WatchAsync(string runId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var known = await GetAsync(runId);
        yield return known;
        while (!known.Phase.IsFinal())
        {
            await using var snapshots = this[runId].WatchAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await TryMoveAsync(snapshots))
            {
                if (snapshots.Current.Version > known.Version)
                    yield return known = snapshots.Current;
            }
        }
    }

    /// <summary>Whether there is another snapshot; false too when the activation ended that had the enumeration.</summary>
    private static async Task<bool> TryMoveAsync(IAsyncEnumerator<RunSnapshot> snapshots)
    {
        try
        {
            return await snapshots.MoveNextAsync();
        }
        catch (EnumerationAbortedException)
        {
            return false;
        }
    }

    /// <summary>The run after a request that it accepted.</summary>
    /// <exception cref="KeyNotFoundException">There is no such run.</exception>
    /// <exception cref="InvalidOperationException">Its phase does not allow the request.</exception>
    public static async Task<RunSnapshot> AcceptedAsync(Task<RunAnswer> call) => await call switch
    {
        { IsAccepted: true } answer => answer.Run,
        { Refusal: RunRefusal.NotFound } answer => throw new KeyNotFoundException(answer.Message),
        var answer => throw new InvalidOperationException(answer.Message),
    };
}
