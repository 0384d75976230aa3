using VaeCluster.Parameters.Architectures;

namespace VaeCluster.Training.Models;

/// <summary>
/// The small convolutional VAE for images of 1x28x28: two strided convolutions down to 64x7x7, and two transposed ones back up to logits.
/// 59,525 parameters with two latent dimensions, 228,905 with twenty.
/// </summary>
public sealed class Conv28Vae : Vae
{
    /// <summary>Builds the layers.</summary>
    /// <param name="latent">Dimensions of the latent space.</param>
    public Conv28Vae(int latent)
        : base(nameof(Conv28Vae), latent, Conv28Graph.Create(latent))
    {
    }
}
