namespace VaeCluster.Contracts.Specs;

/// <summary>When a posterior counts as collapsed onto the prior, and what is done about it.</summary>
public sealed class CollapseSpec
{
    /// <summary>What is done.</summary>
    /// <value>Default <see cref="CollapseAction.Warn"/>.</value>
    public CollapseAction Action { get; set; } = CollapseAction.Warn;

    /// <summary>The posterior has collapsed when the mean KL over <see cref="Steps"/> is below this, in nats per example.</summary>
    /// <value>Default 0.1.</value>
    public double Threshold { get; set; } = 0.1;

    /// <summary>Steps that the KL is averaged over before it is evaluated.</summary>
    /// <value>Default 200.</value>
    public int Steps { get; set; } = 200;

    /// <summary>What <c>lower-beta</c> multiplies beta by each time.</summary>
    /// <value>Default 0.5.</value>
    public double Factor { get; set; } = 0.5;
}

/// <summary>What is done about a collapsed posterior.</summary>
public enum CollapseAction
{
    /// <summary>The run's conditions say so.</summary>
    Warn,

    /// <summary>They say so, and beta is multiplied by a factor, again and again while it lasts.</summary>
    LowerBeta,
}
