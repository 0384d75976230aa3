using Orleans.Concurrency;
using VaeCluster.Contracts.Runs;

namespace VaeCluster.Contracts.ParameterServer;

/// <summary>
/// The weights and the optimizer of one run; the key is <c>silo/run</c>, and the activation lives on that silo: a run has its parameter server beside it, and
/// begins it anew where it is activated after a loss. Every method interleaves: a gradient is a pure function of weights, step and shard, so the order in
/// which blocks come cannot change what is computed.
/// </summary>
[Alias("vaecluster.IParameterServerGrain")]
public interface IParameterServerGrain : IGrainWithStringKey
{
    /// <summary>
    /// Takes over from the standby, or brings the newest checkpoint back where that is newer, or builds the weights of step 0; does
    /// nothing when they are there. Reports how far the run is.
    /// </summary>
    /// <param name="plan">The run.</param>
    /// <param name="standbySilo">The silo of a standby that followed; empty when there was none.</param>
    [Alias("Start"), ResponseTimeout("00:05:00")]
    Task<ParameterServerStatus> StartAsync(RunPlan plan, string standbySilo);

    /// <summary>
    /// Hands the training state to a standby on a silo, and every gradient from now on; does nothing when it follows already. Throws when the standby
    /// does not answer or takes too long: training, which waits for the handover, goes on without.
    /// </summary>
    [Alias("Follow"), AlwaysInterleave, ResponseTimeout("00:05:00")]
    Task FollowAsync(string standbySilo);

    // An answer may be lost with its connection, and then the run waits for the trainer that waits for it: so the two calls that
    // every step needs have the response timeout of the cluster, which is short. Asking again is harmless.

    /// <summary>Takes a part of a gradient block. Pushing it twice is harmless.</summary>
    [Alias("Push"), AlwaysInterleave]
    Task<PushAnswer> PushAsync(GradientBlock block);

    /// <summary>
    /// The weights of the current step, as soon as that is another step than <paramref name="knownStep"/>; after
    /// <paramref name="timeout"/> an answer without weights.
    /// </summary>
    [Alias("Pull"), AlwaysInterleave]
    Task<WeightsPart> PullAsync(long knownStep, int part, TimeSpan timeout);

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
    [Alias("Stop"), AlwaysInterleave, ResponseTimeout("00:02:00")]
    Task StopAsync(bool writeCheckpoint);
}
