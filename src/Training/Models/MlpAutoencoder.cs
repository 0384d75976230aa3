using VaeCluster.Contracts.Specs;
using VaeCluster.Parameters.Architectures;

namespace VaeCluster.Training.Models;

/// <summary>
/// The plain autoencoder that a VAE is compared with: D - hidden... - latent, and latent - ...hidden - D mirrored. Its code is a point, and
/// nothing says where points lie (Hinton and Salakhutdinov 2006).
/// </summary>
public sealed class MlpAutoencoder : Autoencoder
{
    /// <summary>Builds the layers.</summary>
    /// <param name="dimensions">Values in one example, D.</param>
    /// <param name="hidden">Widths of the encoder's hidden layers.</param>
    /// <param name="latent">Values in a code.</param>
    /// <param name="activation">Nonlinearity after each hidden layer.</param>
    public MlpAutoencoder(int dimensions, IReadOnlyList<int> hidden, int latent, ActivationKind activation)
        : base(nameof(MlpAutoencoder), latent, FullyConnectedGraph.Create(dimensions, hidden, latent, activation, ModelGraph.Code))
    {
    }
}
