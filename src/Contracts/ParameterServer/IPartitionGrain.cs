using Orleans.Concurrency;

namespace VaeCluster.Contracts.ParameterServer;

/// <summary>
/// A range of the weights and of the optimizer of one run, on a silo beside that of the parameter server; the key is <c>silo/run~range</c>, and the
/// activation lives on that silo. It adds up, updates and publishes its range; what becomes of a step the parameter server decides. Every call names the
/// session of the parameter server that makes it, and one of another session changes nothing.
/// </summary>
[Alias("vaecluster.IPartitionGrain")]
public interface IPartitionGrain : IParameterExchangeGrain
{
    /// <summary>Begins to take a state over, in place of what it had.</summary>
    [Alias("Begin")]
    Task BeginAsync(PartitionStart start);

    /// <summary>Takes the next piece of the state.</summary>
    [Alias("Take")]
    Task TakeAsync(string session, StatePiece piece);

    /// <summary>Serves that state from now on. Every piece must be there.</summary>
    [Alias("Complete"), ResponseTimeout("00:05:00")]
    Task CompleteAsync(string session);

    /// <summary>Whether it serves a session.</summary>
    [Alias("IsServing"), AlwaysInterleave]
    Task<bool> IsServingAsync(string session);

    /// <summary>
    /// The state after a step, as soon as the partition has applied it, without its values, which come in pieces; null where it does not come to that step
    /// in time.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="step">Steps applied.</param>
    /// <param name="copy">What is asked for.</param>
    [Alias("GetState"), AlwaysInterleave]
    Task<PartitionState?> GetStateAsync(string session, long step, StateCopy copy);

    /// <summary>A piece of the state that <see cref="GetStateAsync"/> described; null where the partition does not serve the session any more.</summary>
    [Alias("GetPiece"), AlwaysInterleave]
    Task<StatePiece?> GetPieceAsync(string session, int index);

    /// <summary>Holds gradients back, once none is under way and the step is applied, until <see cref="ReleaseAsync"/>.</summary>
    /// <param name="session">The session.</param>
    /// <param name="step">Steps applied.</param>
    /// <param name="attempt">The attempt at the current step that begins: what came of it is forgotten.</param>
    /// <returns>Whether it came to that step in time, and is held.</returns>
    [Alias("Hold"), AlwaysInterleave]
    Task<bool> HoldAsync(string session, long step, int attempt);

    /// <summary>Takes gradients again.</summary>
    /// <param name="session">The session.</param>
    /// <param name="standbySilo">The silo of the standby that follows from now on, and takes every gradient first; empty when none does.</param>
    [Alias("Release"), AlwaysInterleave]
    Task ReleaseAsync(string session, string standbySilo);

    /// <summary>Forgets the run and frees its memory.</summary>
    [Alias("Stop"), AlwaysInterleave]
    Task StopAsync(string session);
}
