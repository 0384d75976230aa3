using static TorchSharp.torch;

namespace VaeCluster.Training.Models;

/// <summary>A variational autoencoder: an encoder q(z|x), Gaussian with diagonal covariance, and a decoder p(x|z).</summary>
public abstract class Vae : Autoencoder
{
    /// <summary>For derived models.</summary>
    protected Vae(string name, int latent)
        : base(name, latent)
    {
    }

    /// <summary>The posterior of each example.</summary>
    /// <param name="x">Examples, shape [B, D], values in <see cref="Autoencoder.Range"/>.</param>
    /// <returns>Mean and logarithm of the variance, shape [B, latent] each. The caller's dispose scope owns them.</returns>
    public abstract (Tensor Mean, Tensor LogVariance) Encode(Tensor x);

    /// <inheritdoc/>
    public override Tensor Code(Tensor x) => Encode(x).Mean;
}
