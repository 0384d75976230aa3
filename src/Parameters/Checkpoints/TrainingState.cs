namespace VaeCluster.Parameters.Checkpoints;

/// <summary>The training state of a run after a step: with its spec and its data it decides every bit that follows.</summary>
public sealed record TrainingState
{
    /// <summary>Steps applied.</summary>
    public required long Step { get; init; }

    /// <summary>Updates made: the steps without those that were skipped. Adam's corrections go by them.</summary>
    public required long Updates { get; init; }

    /// <summary>Parameters, then running statistics, as little-endian float32 in the layout's parts. Never changed again.</summary>
    public required IReadOnlyList<byte[]> Weights { get; init; }

    /// <summary>Each kind of state of the optimizer, in the update rule's order: one little-endian float32 a parameter.</summary>
    public required IReadOnlyList<byte[]> Optimizer { get; init; }
}
