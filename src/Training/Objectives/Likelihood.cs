using VaeCluster.Contracts.Specs;
using static TorchSharp.torch;

namespace VaeCluster.Training.Objectives;

/// <summary>The decoder's distribution p(x|z) with independent values.</summary>
public abstract class Likelihood
{
    /// <summary>The likelihood that a spec names.</summary>
    public static Likelihood For(ObjectiveSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Likelihood == LikelihoodKind.Bernoulli ? new BernoulliLikelihood() : new GaussianLikelihood(spec.Sigma);
    }

    /// <summary>-log p(x|z), summed over values and batch: a scalar, in nats.</summary>
    /// <param name="output">What the decoder made, shape [B, D].</param>
    /// <param name="x">The examples, shape [B, D].</param>
    public abstract Tensor NegativeLog(Tensor output, Tensor x);

    /// <summary>The mean of the distribution, for pictures: shape [B, D].</summary>
    public abstract Tensor Mean(Tensor output);
}

/// <summary>Bernoulli values from logits: the binary cross-entropy -(x log p + (1 - x) log(1 - p)), p = 1 / (1 + exp(-logit)).</summary>
public sealed class BernoulliLikelihood : Likelihood
{
    /// <inheritdoc/>
    public override Tensor NegativeLog(Tensor output, Tensor x) =>
        nn.functional.binary_cross_entropy_with_logits(output, x, reduction: nn.Reduction.Sum);

    /// <inheritdoc/>
    public override Tensor Mean(Tensor output) => output.sigmoid();
}

/// <summary>Gaussian values of one fixed standard deviation: (x - m)^2 / (2 sigma^2) + log sigma + 1/2 log(2 pi).</summary>
public sealed class GaussianLikelihood : Likelihood
{
    private readonly double _sigma;

    /// <summary>With a standard deviation, above 0.</summary>
    public GaussianLikelihood(double sigma)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sigma);
        _sigma = sigma;
    }

    /// <inheritdoc/>
    public override Tensor NegativeLog(Tensor output, Tensor x)
    {
        var constant = x.numel() * (Math.Log(_sigma) + (0.5 * Math.Log(2 * Math.PI)));
        return ((x - output).square().sum() / (2 * _sigma * _sigma)) + constant;
    }

    /// <inheritdoc/>
    public override Tensor Mean(Tensor output) => output;
}
