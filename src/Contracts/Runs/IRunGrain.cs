using System.Collections.Immutable;
using Orleans.Concurrency;

namespace VaeCluster.Contracts.Runs;

/// <summary>One run; the key is its id. It survives the loss of its silo.</summary>
[Alias("vaecluster.IRunGrain")]
public interface IRunGrain : IGrainWithStringKey
{
    /// <summary>Accepts the run. A second call with the same plan does nothing more; another plan is refused.</summary>
    [Alias("Submit")]
    Task<RunAnswer> SubmitAsync(RunPlan plan);

    /// <summary>The run as it is now; null when there is no run with this id.</summary>
    [Alias("Get"), AlwaysInterleave]
    Task<RunSnapshot?> GetAsync();

    /// <summary>
    /// The run as it is now, and again whenever it changes, until it has ended. Changes that follow each other closely come as one; none where there is
    /// no such run.
    /// </summary>
    [Alias("Watch"), AlwaysInterleave]
    IAsyncEnumerable<RunSnapshot> WatchAsync(CancellationToken cancellationToken = default);

    // The two that end a run's work do not wait for what it is doing just now.

    /// <summary>Ends the run as Cancelled; one that has ended already stays as it is. Its devices are released after the answer.</summary>
    [Alias("Cancel"), AlwaysInterleave]
    Task<RunAnswer> CancelAsync(string who);

    /// <summary>
    /// Takes a run's devices away and keeps its training state; one that is paused already, or has ended, stays as it is. Refused once every step is
    /// applied: there is nothing left to pause.
    /// </summary>
    [Alias("Pause"), AlwaysInterleave]
    Task<RunAnswer> PauseAsync(string who);

    /// <summary>Lets a paused run go on where it was. Any other is refused.</summary>
    [Alias("Resume"), ResponseTimeout("00:01:00")]
    Task<RunAnswer> ResumeAsync(string who);

    /// <summary>Lets a run that failed or was cancelled go on from its newest checkpoint. Any other is refused.</summary>
    [Alias("Retry"), ResponseTimeout("00:01:00")]
    Task<RunAnswer> RetryAsync(string who);

    /// <summary>Reactivates the run after its silo was lost: whoever activates it makes it go on.</summary>
    [Alias("Reactivate"), OneWay]
    Task ReactivateAsync();

    /// <summary>
    /// A trainer reports the evaluation of some shards of the held-out examples with the weights of a step. Reporting it twice is harmless; when all shards are
    /// reported the evaluation is written.
    /// </summary>
    [Alias("ReportEvaluation"), AlwaysInterleave]
    Task ReportEvaluationAsync(long step, ImmutableArray<ShardEvaluation> shards);
}
