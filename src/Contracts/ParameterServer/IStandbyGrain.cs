using Orleans.Concurrency;
using VaeCluster.Contracts.Runs;

namespace VaeCluster.Contracts.ParameterServer;

/// <summary>
/// A second parameter server that follows the first of a run, gradient by gradient; the key is <c>silo/run</c>, and the activation lives on
/// that silo. It publishes nothing: it keeps the run's training state for the case that the first is lost.
/// </summary>
[Alias("vaecluster.IStandbyGrain")]
public interface IStandbyGrain : IGrainWithStringKey
{
    /// <summary>
    /// Answers when the standby's silo can take a state of a run. Asked before training waits for the handover, so what takes long is done
    /// now.
    /// </summary>
    [Alias("Ready")]
    Task ReadyAsync(RunPlan plan);

    /// <summary>Begins to take a state over, in place of what it followed before.</summary>
    [Alias("Begin")]
    Task BeginAsync(StandbyState state);

    /// <summary>Takes the next piece of the state.</summary>
    [Alias("Take")]
    Task TakeAsync(StatePiece piece);

    /// <summary>Follows from that state on. Every piece must be there.</summary>
    [Alias("Complete")]
    Task CompleteAsync();

    /// <summary>Takes a part of a gradient, before the first server does.</summary>
    /// <param name="block">The block.</param>
    /// <param name="writtenStep">The last step whose record is written down for good.</param>
    [Alias("Push"), AlwaysInterleave]
    Task<StandbyAnswer> PushAsync(GradientBlock block, long writtenStep);

    /// <summary>What it has followed up to now, to begin a first server with; null when it follows nothing. The pieces are of this moment.</summary>
    [Alias("GetState")]
    Task<StandbyState?> GetStateAsync();

    /// <summary>A piece of the state that <see cref="GetStateAsync"/> described.</summary>
    [Alias("GetPiece")]
    Task<StatePiece> GetPieceAsync(int index);

    /// <summary>Forgets the run and frees its memory.</summary>
    [Alias("Stop")]
    Task StopAsync();
}
