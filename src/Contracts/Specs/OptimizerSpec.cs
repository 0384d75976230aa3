namespace VaeCluster.Contracts.Specs;

/// <summary>How a gradient becomes an update.</summary>
public sealed class OptimizerSpec
{
    /// <summary>The update rule.</summary>
    /// <value>Default <see cref="OptimizerKind.Adam"/>.</value>
    public OptimizerKind Kind { get; set; } = OptimizerKind.Adam;

    /// <summary>The learning rate at its peak.</summary>
    /// <value>Default 0.001.</value>
    public double LearningRate { get; set; } = 1e-3;

    /// <summary>Decay of Adam's first moment.</summary>
    /// <value>Default 0.9.</value>
    public double Beta1 { get; set; } = 0.9;

    /// <summary>Decay of Adam's second moment.</summary>
    /// <value>Default 0.999.</value>
    public double Beta2 { get; set; } = 0.999;

    /// <summary>Added to the root of Adam's second moment.</summary>
    /// <value>Default 1e-8.</value>
    public double Epsilon { get; set; } = 1e-8;

    /// <summary>Decay of the weights: added to the gradient by <c>adam</c> and <c>sgd</c>, applied to the weights by <c>adamw</c>.</summary>
    /// <value>Default 0.</value>
    public double WeightDecay { get; set; }

    /// <summary>Momentum of SGD.</summary>
    /// <value>Default 0.</value>
    public double Momentum { get; set; }

    /// <summary>Largest global norm of a step's mean gradient; a longer one is scaled down to it.</summary>
    /// <value>Default 0, which means no clipping.</value>
    public double ClipNorm { get; set; }

    /// <summary>How the learning rate moves.</summary>
    public LearningRateSpec Schedule { get; set; } = new();

    /// <summary>How the parameter server updates the weights where <c>training.localSteps</c> is above 1. Without local steps it has no effect.</summary>
    public OuterOptimizerSpec Outer { get; set; } = new();
}

/// <summary>Update rules.</summary>
public enum OptimizerKind
{
    /// <summary>Kingma and Ba 2015.</summary>
    Adam,

    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019).</summary>
    Adamw,

    /// <summary>Stochastic gradient descent, with momentum if that is set.</summary>
    Sgd,
}
