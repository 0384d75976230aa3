using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Parameters.Checkpoints;

namespace VaeCluster.Parameters.Store;

/// <summary>The outcome of the current step.</summary>
/// <param name="Record">What was measured, when it was applied.</param>
/// <param name="SuspectReason">Why every shard must be computed again; empty when it need not.</param>
/// <param name="Checkpoint">What there is to write, when a checkpoint of the step is due.</param>
/// <param name="Decision">The decision that was made about it; null while something is missing.</param>
/// <param name="Awaited">What of the partitions' states is needed before the weights can be published.</param>
public readonly record struct StepResult(
    StepRecord? Record,
    string SuspectReason,
    Checkpoint? Checkpoint = null,
    StepDecision? Decision = null,
    StateCopy Awaited = StateCopy.None)
{
    /// <summary>Something is missing still.</summary>
    public static StepResult Incomplete { get; } = new(null, "");
}
