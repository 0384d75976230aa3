using System.Collections.Immutable;
using Orleans.Concurrency;
using VaeCluster.Contracts.Runs;

namespace VaeCluster.Contracts.ParameterServer;

/// <summary>
/// The weights and the optimizer of one run, or the last range of them where the run has partitions, and every decision about its steps; the key is
/// <c>silo/run</c>, and the activation lives on that silo: a run has its parameter server beside it, and begins it anew where it is activated after a loss.
/// Every method interleaves: a gradient is a pure function of weights, step and shard, so the order in which blocks come cannot change what is computed.
/// </summary>
[Alias("vaecluster.IParameterServerGrain")]
public interface IParameterServerGrain : IParameterExchangeGrain
{
    /// <summary>
    /// Takes over from the standby, or brings the newest checkpoint back where that is newer, or builds the weights of step 0; does
    /// nothing when they are there. Reports how far the run is.
    /// </summary>
    /// <param name="plan">The run.</param>
    /// <param name="standbySilo">The silo of a standby that followed; empty when there was none.</param>
    /// <param name="partitions">The keys of the partitions that own the ranges before the server's own; empty where the server owns everything.</param>
    [Alias("Start"), ResponseTimeout("00:05:00")]
    Task<ParameterServerStatus> StartAsync(RunPlan plan, string standbySilo, ImmutableArray<string> partitions);

    /// <summary>
    /// Hands the training state to a standby on a silo, and every gradient from now on; does nothing when it follows already. Throws when the standby
    /// does not answer or takes too long: training, which waits for the handover, goes on without.
    /// </summary>
    [Alias("Follow"), AlwaysInterleave, ResponseTimeout("00:05:00")]
    Task FollowAsync(string standbySilo);

    /// <summary>
    /// Takes what a partition adds to the decision about a step, and answers with the decision once it is made; within the pull timeout. Asking again is
    /// harmless.
    /// </summary>
    [Alias("Decide"), AlwaysInterleave]
    Task<StepDecision> DecideAsync(RangeGradient gradient);

    /// <summary>
    /// How far the run is, with what was measured of each step after <paramref name="afterStep"/>. What was measured up to
    /// <paramref name="writtenStep"/> is written down for good.
    /// </summary>
    [Alias("Status"), AlwaysInterleave]
    Task<ParameterServerStatus> GetStatusAsync(long afterStep, long writtenStep);

    /// <summary>Writes the model into the run's artifacts and returns the hash of the weights.</summary>
    [Alias("SaveModel"), AlwaysInterleave, ResponseTimeout("00:05:00")]
    Task<SavedModel> SaveModelAsync();

    /// <summary>Forgets the run and frees its memory. Answers once the last checkpoint is written, also the one that an earlier call asked for.</summary>
    /// <param name="writeCheckpoint">Whether to write a last checkpoint first. Not when the run is active elsewhere: then another server writes them.</param>
    /// <param name="keepStandby">Whether the standby keeps what it has followed, for the server that is started next.</param>
    [Alias("Stop"), AlwaysInterleave, ResponseTimeout("00:02:00")]
    Task StopAsync(bool writeCheckpoint, bool keepStandby);
}
