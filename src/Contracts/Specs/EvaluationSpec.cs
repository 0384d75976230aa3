namespace VaeCluster.Contracts.Specs;

/// <summary>When the held-out examples evaluate the model while it trains.</summary>
public sealed class EvaluationSpec
{
    /// <summary>Steps between two evaluations; there is one after the last step too.</summary>
    /// <value>Default 0, which makes none.</value>
    public int Every { get; set; }

    /// <summary>Importance samples per example for the likelihood.</summary>
    /// <value>Default 64; 0 leaves the likelihood out.</value>
    public int Samples { get; set; } = 64;
}
