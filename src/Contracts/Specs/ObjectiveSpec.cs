namespace VaeCluster.Contracts.Specs;

/// <summary>The negative evidence lower bound and its weights.</summary>
public sealed class ObjectiveSpec
{
    /// <summary>The objective, for a VAE a bound on log p(x): the name of one of <see cref="SpecKinds.Objectives"/>.</summary>
    /// <value>Default <c>elbo</c>; a model without a posterior then has an objective of its own.</value>
    public string Bound { get; set; } = Objectives.ElboObjective.NameInSpec;

    /// <summary>Draws of z per example: L of the ELBO, k of the importance-weighted bound.</summary>
    /// <value>Default 1.</value>
    public int Samples { get; set; } = 1;

    /// <summary>How the gradient reaches the encoder through the draws.</summary>
    /// <value>Default <see cref="EstimatorKind.Reparameterization"/>.</value>
    public EstimatorKind Estimator { get; set; } = EstimatorKind.Reparameterization;

    /// <summary>p(x|z).</summary>
    /// <value>Default <see cref="LikelihoodKind.Bernoulli"/>.</value>
    public LikelihoodKind Likelihood { get; set; } = LikelihoodKind.Bernoulli;

    /// <summary>Standard deviation of the Gaussian likelihood, in units of a pixel's range.</summary>
    /// <value>Default 1.</value>
    public double Sigma { get; set; } = 1;

    /// <summary>Whether <see cref="Sigma"/> stays, or is where a scalar parameter of the model starts.</summary>
    /// <value>Default <see cref="SigmaModeKind.Fixed"/>.</value>
    public SigmaModeKind SigmaMode { get; set; } = SigmaModeKind.Fixed;

    /// <summary>How the Gaussian likelihood takes its mean from the decoder's output.</summary>
    /// <value>Default <see cref="MeanKind.Identity"/>.</value>
    public MeanKind Mean { get; set; } = MeanKind.Identity;

    /// <summary>Nats of each latent dimension's KL that cost nothing less: a dimension below counts as this much.</summary>
    /// <value>Default 0.</value>
    public double FreeBits { get; set; }

    /// <summary>Weight of the commitment term of <c>vq</c>.</summary>
    /// <value>Default 0.25.</value>
    public double Commitment { get; set; } = 0.25;

    /// <summary>The weight of the KL term.</summary>
    public BetaSpec Beta { get; set; } = new();

    /// <summary>What is done about a posterior that says nothing of its example.</summary>
    public CollapseSpec Collapse { get; set; } = new();
}

/// <summary>Estimators of the gradient of an expectation over q(z|x) with respect to q.</summary>
public enum EstimatorKind
{
    /// <summary>Through z = mean + deviation * noise, with the KL in closed form (Kingma and Welling 2014).</summary>
    Reparameterization,

    /// <summary>REINFORCE: the loss of a draw times the gradient of its log density, with a leave-one-out baseline.</summary>
    ScoreFunction,

    /// <summary>The path derivative: through z alone, not through the density's own parameters (Roeder et al. 2017).</summary>
    StickingTheLanding,
}

/// <summary>The decoder's distribution p(x|z).</summary>
public enum LikelihoodKind
{
    /// <summary>Independent Bernoulli pixels, from logits.</summary>
    Bernoulli,

    /// <summary>Independent Gaussian pixels of one standard deviation.</summary>
    Gaussian,
}

/// <summary>What becomes of the Gaussian likelihood's standard deviation.</summary>
public enum SigmaModeKind
{
    /// <summary>It stays as given.</summary>
    Fixed,

    /// <summary>It is a scalar parameter of the model, and starts as given.</summary>
    Learned,
}

/// <summary>The Gaussian likelihood's mean as a function of the decoder's output.</summary>
public enum MeanKind
{
    /// <summary>The output itself.</summary>
    Identity,

    /// <summary>The logistic function of the output, in [0, 1].</summary>
    Sigmoid,
}
