using VaeCluster.Contracts.Specs;
using VaeCluster.Parameters.Architectures;

namespace VaeCluster.Training.Models;

/// <summary>
/// The fully connected VAE (Kingma and Welling 2014, appendix C): D - hidden... - 2 * latent, and latent - ...hidden - D mirrored.
/// </summary>
public sealed class MlpVae : Vae
{
    /// <summary>Builds the layers.</summary>
    /// <param name="dimensions">Values in one example, D.</param>
    /// <param name="hidden">Widths of the encoder's hidden layers.</param>
    /// <param name="latent">Dimensions of the latent space.</param>
    /// <param name="activation">Nonlinearity after each hidden layer.</param>
    public MlpVae(int dimensions, IReadOnlyList<int> hidden, int latent, ActivationKind activation)
        : base(nameof(MlpVae), latent, FullyConnectedGraph.Create(dimensions, hidden, latent, activation, ModelGraph.Posterior))
    {
    }
}
