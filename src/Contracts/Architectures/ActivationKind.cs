namespace VaeCluster.Contracts.Architectures;

/// <summary>Nonlinearities of hidden layers.</summary>
public enum ActivationKind
{
    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,

    /// <summary>x where positive, 0.01 x elsewhere.</summary>
    LeakyRelu,

    /// <summary>x where positive, exp(x) - 1 elsewhere.</summary>
    Elu,

    /// <summary>x times the normal distribution function of x.</summary>
    Gelu,

    /// <summary>x times the logistic function of x.</summary>
    Silu,

    /// <summary>log(1 + exp(x)).</summary>
    Softplus,

    /// <summary>The logistic function.</summary>
    Sigmoid,
}
