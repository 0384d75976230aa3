using VaeCluster.Training.Models;
using static TorchSharp.torch;

namespace VaeCluster.Training.Objectives;

/// <summary>What the objective needs of Gaussians with diagonal covariance.</summary>
public static class Gaussian
{
    private static readonly double LogTwoPi = Math.Log(2 * Math.PI);

    /// <summary>A draw from N(mean, exp(logVariance)) as a differentiable function of both: z = mean + exp(logVariance / 2) * noise.</summary>
    /// <param name="mean">Shape [B, latent].</param>
    /// <param name="logVariance">Shape [B, latent].</param>
    /// <param name="noise">Draws from N(0, I), shape [B, latent].</param>
    public static Tensor Reparameterize(Tensor mean, Tensor logVariance, Tensor noise) =>
        mean.Plus(exp(logVariance.Times(0.5)) * noise);

    /// <summary>
    /// KL(N(mean, exp(logVariance)) || N(0, I)) = 1/2 sum_j (mean_j^2 + exp(logVariance_j) - 1 - logVariance_j)
    /// (Kingma and Welling 2014, appendix B), summed over the batch too: a scalar, in nats.
    /// </summary>
    public static Tensor KlToStandardNormal(Tensor mean, Tensor logVariance) =>
        (mean.Squared().Plus(exp(logVariance)).Minus(1) - logVariance).sum().Times(0.5);

    /// <summary>The same of each latent dimension, meant over the batch: shape [latent], in nats per example.</summary>
    public static Tensor KlOfDimensions(Tensor mean, Tensor logVariance) =>
        (mean.Squared().Plus(exp(logVariance)).Minus(1) - logVariance).mean([0]).Times(0.5);

    /// <summary>log N(z; mean, exp(logVariance)), summed over dimensions: shape [B], in nats.</summary>
    public static Tensor LogDensity(Tensor z, Tensor mean, Tensor logVariance) =>
        ((z - mean).Squared() / exp(logVariance)).Plus(logVariance).Plus(LogTwoPi).sum(dim: 1).Times(-0.5);

    /// <summary>log N(z; 0, I), summed over dimensions: shape [B], in nats.</summary>
    public static Tensor LogStandardNormal(Tensor z) => z.Squared().Plus(LogTwoPi).sum(dim: 1).Times(-0.5);
}
