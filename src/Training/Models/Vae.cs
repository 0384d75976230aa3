using static TorchSharp.torch;

namespace VaeCluster.Training.Models;

/// <summary>
/// A variational autoencoder: an encoder q(z|x), Gaussian with diagonal covariance, and a decoder p(x|z). Its parameters have the
/// names that PyTorch would give them.
/// </summary>
public abstract class Vae : nn.Module<Tensor, Tensor>
{
    /// <summary>For derived models.</summary>
    protected Vae(string name, int latent)
        : base(name) => Latent = latent;

    /// <summary>Dimensions of the latent space.</summary>
    public int Latent { get; }

    /// <summary>The posterior of each example.</summary>
    /// <param name="x">Examples, shape [B, D], values in [0, 1].</param>
    /// <returns>Mean and logarithm of the variance, shape [B, latent] each. The caller's dispose scope owns them.</returns>
    public abstract (Tensor Mean, Tensor LogVariance) Encode(Tensor x);

    /// <summary>What the decoder makes of latent points: logits of a Bernoulli likelihood, means of a Gaussian one.</summary>
    /// <param name="z">Latent points, shape [B, latent].</param>
    /// <returns>Shape [B, D]. The caller's dispose scope owns it.</returns>
    public abstract Tensor Decode(Tensor z);

    /// <summary>Examples through the encoder's mean and back, shape [B, D] to [B, D].</summary>
    public override Tensor forward(Tensor input) => Decode(Encode(input).Mean);
}
