using VaeCluster.Contracts.ParameterServer;

namespace VaeCluster.Parameters.Checkpoints;

/// <summary>What a checkpoint brings back.</summary>
/// <param name="State">The run's training state.</param>
/// <param name="Records">Records of steps that the run had not written down when it was made, oldest first.</param>
public sealed record Checkpoint(TrainingState State, IReadOnlyList<StepRecord> Records);
