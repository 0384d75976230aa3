using System.Collections.Immutable;
using Orleans.Concurrency;
using VaeCluster.Contracts.Evaluations;

namespace VaeCluster.Contracts.Runs;

/// <summary>One run; the key is its id. It survives the loss of its silo.</summary>
[Alias("vaecluster.IRunGrain")]
public interface IRunGrain : IGrainWithStringKey
{
    /// <summary>Accepts the run. A second call with the same plan does nothing more.</summary>
    /// <exception cref="InvalidOperationException">The id belongs to a run with another plan.</exception>
    [Alias("Submit")]
    Task<RunSnapshot> SubmitAsync(RunPlan plan);

    /// <summary>The run as it is now.</summary>
    /// <exception cref="KeyNotFoundException">There is no run with this id.</exception>
    [Alias("Get"), AlwaysInterleave]
    Task<RunSnapshot> GetAsync();

    /// <summary>Waits for a version above <paramref name="version"/>, or for <paramref name="patience"/>, and tells the run as it is then.</summary>
    /// <exception cref="KeyNotFoundException">There is no run with this id.</exception>
    [Alias("Wait"), AlwaysInterleave, ResponseTimeout("00:01:00")]
    Task<RunSnapshot> WaitAsync(long version, TimeSpan patience);

    /// <summary>Ends the run as Cancelled; one that has ended already stays as it is.</summary>
    /// <exception cref="KeyNotFoundException">There is no run with this id.</exception>
    [Alias("Cancel")]
    Task<RunSnapshot> CancelAsync(string who);

    /// <summary>Takes a run's devices away and keeps what it has learnt; one that is paused already, or has ended, stays as it is.</summary>
    /// <exception cref="KeyNotFoundException">There is no run with this id.</exception>
    /// <exception cref="InvalidOperationException">Every step is applied and the model is being judged: there is nothing left to pause.</exception>
    [Alias("Pause")]
    Task<RunSnapshot> PauseAsync(string who);

    /// <summary>Lets a paused run go on where it was.</summary>
    /// <exception cref="KeyNotFoundException">There is no run with this id.</exception>
    /// <exception cref="InvalidOperationException">The run is not paused.</exception>
    [Alias("Resume")]
    Task<RunSnapshot> ResumeAsync(string who);

    /// <summary>Lets a run that failed or was cancelled go on from its newest checkpoint.</summary>
    /// <exception cref="KeyNotFoundException">There is no run with this id.</exception>
    /// <exception cref="InvalidOperationException">The run did neither.</exception>
    [Alias("Retry")]
    Task<RunSnapshot> RetryAsync(string who);

    /// <summary>Wakes the run after its silo was lost: whoever activates it makes it go on.</summary>
    [Alias("Wake"), OneWay]
    Task WakeAsync();

    /// <summary>
    /// A trainer tells what some shards of the held-out examples came to with the weights of a step. Telling it twice is harmless; when all shards are
    /// told the evaluation is written.
    /// </summary>
    [Alias("ReportEvaluation"), AlwaysInterleave]
    Task ReportEvaluationAsync(long step, ImmutableArray<ShardEvaluation> shards);
}
