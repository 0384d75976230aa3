namespace VaeCluster.Contracts.Specs;

/// <summary>How the parameter server updates the published weights where trainers make local steps (DiLoCo, Douillard et al. 2023).</summary>
public sealed class OuterOptimizerSpec
{
    /// <summary>The update rule.</summary>
    /// <value>Default <see cref="OuterOptimizerKind.Nesterov"/>.</value>
    public OuterOptimizerKind Kind { get; set; } = OuterOptimizerKind.Nesterov;

    /// <summary>What the update rule multiplies by. It is constant.</summary>
    /// <value>Default 0.7.</value>
    public double LearningRate { get; set; } = 0.7;

    /// <summary>Momentum; 0, with a learning rate of 1, publishes the mean of the shards' weights.</summary>
    /// <value>Default 0.9.</value>
    public double Momentum { get; set; } = 0.9;

    /// <summary>What the state of a shard's inner optimizer begins with after an exchange.</summary>
    /// <value>Default <see cref="InnerStateKind.Average"/>.</value>
    public InnerStateKind InnerState { get; set; } = InnerStateKind.Average;
}

/// <summary>What the state of a shard's inner optimizer begins with after an exchange.</summary>
public enum InnerStateKind
{
    /// <summary>The mean over the examples of what the shards' states came to. It travels with the weights.</summary>
    Average,

    /// <summary>Zero. Nothing but the weights travels.</summary>
    Reset,
}

/// <summary>Update rules of the outer optimizer.</summary>
public enum OuterOptimizerKind
{
    /// <summary>Stochastic gradient descent with Nesterov momentum.</summary>
    Nesterov,

    /// <summary>Stochastic gradient descent with momentum as Polyak has it.</summary>
    Sgd,
}
