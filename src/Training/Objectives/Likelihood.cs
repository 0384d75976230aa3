using VaeCluster.Contracts.Specs;
using static TorchSharp.torch;

namespace VaeCluster.Training.Objectives;

/// <summary>The decoder's distribution p(x|z) with independent values.</summary>
public abstract class Likelihood
{
    /// <summary>The likelihood that a spec names.</summary>
    /// <param name="spec">The objective.</param>
    /// <param name="logScale">The model's learned scale, where it has one: see <see cref="Models.Autoencoder.LogScale"/>.</param>
    public static Likelihood For(ObjectiveSpec spec, Tensor? logScale)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Likelihood == LikelihoodKind.Bernoulli ? new BernoulliLikelihood() : new GaussianLikelihood(spec.Sigma, spec.Mean, logScale);
    }

    /// <summary>-log p(x|z), summed over values and batch: a scalar, in nats.</summary>
    /// <param name="output">What the decoder made, shape [B, D].</param>
    /// <param name="x">The examples, shape [B, D].</param>
    public abstract Tensor NegativeLog(Tensor output, Tensor x);

    /// <summary>-log p(x|z) of each example, summed over values: shape [B], in nats.</summary>
    /// <param name="output">What the decoder made, shape [B, D].</param>
    /// <param name="x">The examples, shape [B, D].</param>
    public abstract Tensor NegativeLogOfEach(Tensor output, Tensor x);

    /// <summary>The mean of the distribution, for plots: shape [B, D].</summary>
    public abstract Tensor Mean(Tensor output);
}
