namespace VaeCluster.Contracts.Specs;

/// <summary>
/// Everything that decides what a run computes. Two runs with equal specs (but for the name) end with the same weights.
/// Read one with <see cref="RunSpecReader"/>, which states the default and the bounds of every field.
/// </summary>
public sealed class RunSpec
{
    /// <summary>Short name for people; the run id is made from it.</summary>
    /// <value>Default <c>run</c>.</value>
    public string Name { get; set; } = "run";

    /// <summary>Keys the initial weights, the order of the data and the noise.</summary>
    /// <value>Default 1.</value>
    public long Seed { get; set; } = 1;

    /// <summary>What is pinned for the sake of the same bits.</summary>
    /// <value>Default <see cref="DeterminismKind.Strict"/>.</value>
    public DeterminismKind Determinism { get; set; } = DeterminismKind.Strict;

    /// <summary>Where the examples come from.</summary>
    public DataSpec Data { get; set; } = new();

    /// <summary>The encoder and decoder.</summary>
    public ModelSpec Model { get; set; } = new();

    /// <summary>What is minimised.</summary>
    public ObjectiveSpec Objective { get; set; } = new();

    /// <summary>How a gradient becomes an update.</summary>
    public OptimizerSpec Optimizer { get; set; } = new();

    /// <summary>How long and in what portions.</summary>
    public TrainingSpec Training { get; set; } = new();

    /// <summary>What the run asks of the cluster.</summary>
    public ResourcesSpec Resources { get; set; } = new();

    /// <summary>What a loss of the parameter server goes back to.</summary>
    public CheckpointSpec Checkpoint { get; set; } = new();

    /// <summary>What is written down while it trains.</summary>
    public LoggingSpec Logging { get; set; } = new();

    /// <summary>How often the model is evaluated while it trains.</summary>
    public EvaluationSpec Evaluation { get; set; } = new();

    /// <summary>What the proof of the run holds.</summary>
    public LedgerSpec Ledger { get; set; } = new();
}

/// <summary>What is pinned for the sake of the same bits.</summary>
public enum DeterminismKind
{
    /// <summary>The CPU threads of a trainer, and float32 on a GPU: the weights are the same bits whoever trains.</summary>
    Strict,

    /// <summary>
    /// Nothing beyond the order of additions: trainers take every CPU thread of their machine, GPUs may round to TF32, and the last bits may depend on it.
    /// </summary>
    Relaxed,
}
