using VaeCluster.Contracts.Architectures;
using static TorchSharp.torch;

namespace VaeCluster.Training.Models;

/// <summary>A variational autoencoder: an encoder q(z|x), Gaussian with diagonal covariance, and a decoder p(x|z).</summary>
public class Vae : Autoencoder
{
    /// <summary>Builds the layers; the encoder's last makes the mean and the logarithm of the variance, side by side.</summary>
    /// <param name="name">The kind of model.</param>
    /// <param name="latent">Dimensions of the latent space.</param>
    /// <param name="graph">The layers as a description, with the outputs of a posterior.</param>
    public Vae(string name, int latent, ModelGraph graph)
        : base(name, latent, graph)
    {
    }

    /// <summary>The posterior of each example.</summary>
    /// <param name="x">Examples, shape [B, D], values in <see cref="Autoencoder.Range"/>.</param>
    /// <returns>Mean and logarithm of the variance, shape [B, latent] each. The caller's dispose scope owns them.</returns>
    public virtual (Tensor Mean, Tensor LogVariance) Encode(Tensor x)
    {
        var halves = Encoder.Forward(x).chunk(2, 1);
        return (halves[0], halves[1]);
    }

    /// <inheritdoc/>
    public override Tensor Code(Tensor x) => Encode(x).Mean;
}
