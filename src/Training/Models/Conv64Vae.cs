using VaeCluster.Parameters.Architectures;

namespace VaeCluster.Training.Models;

/// <summary>
/// The convolutional VAE for colour images of 3x64x64: five strided convolutions down to 512x2x2, each with batch normalisation and a leaky
/// relu, five transposed ones back up, and a last convolution to three channels under tanh. 3,937,635 parameters with 128 latent
/// dimensions. Pixels are in [-1, 1].
/// </summary>
public sealed class Conv64Vae : Vae
{
    /// <summary>Builds the layers.</summary>
    /// <param name="latent">Dimensions of the latent space.</param>
    public Conv64Vae(int latent)
        : base(nameof(Conv64Vae), latent, Conv64Graph.Create(latent))
    {
    }

    /// <inheritdoc/>
    public override PixelRange Range => PixelRange.Symmetric;
}
