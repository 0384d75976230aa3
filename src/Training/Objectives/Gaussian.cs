using static TorchSharp.torch;

namespace VaeCluster.Training.Objectives;

/// <summary>What the objective needs of Gaussians with diagonal covariance.</summary>
public static class Gaussian
{
    /// <summary>A draw from N(mean, exp(logVariance)) as a differentiable function of both: z = mean + exp(logVariance / 2) * noise.</summary>
    /// <param name="mean">Shape [B, latent].</param>
    /// <param name="logVariance">Shape [B, latent].</param>
    /// <param name="noise">Draws from N(0, I), shape [B, latent].</param>
    public static Tensor Reparameterize(Tensor mean, Tensor logVariance, Tensor noise) =>
        mean + (exp(logVariance * 0.5) * noise);

    /// <summary>
    /// KL(N(mean, exp(logVariance)) || N(0, I)) = 1/2 sum_j (mean_j^2 + exp(logVariance_j) - 1 - logVariance_j)
    /// (Kingma and Welling 2014, appendix B), summed over the batch too: a scalar, in nats.
    /// </summary>
    public static Tensor KlToStandardNormal(Tensor mean, Tensor logVariance) =>
        0.5 * (mean.square() + exp(logVariance) - 1 - logVariance).sum();
}
