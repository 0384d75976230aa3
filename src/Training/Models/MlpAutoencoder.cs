using TorchSharp.Modules;
using VaeCluster.Contracts.Specs;
using VaeCluster.Training.Export;
using static TorchSharp.torch;

namespace VaeCluster.Training.Models;

/// <summary>
/// The plain autoencoder that a VAE is compared with: D - hidden... - latent, and latent - ...hidden - D mirrored. Its code is a point, and
/// nothing says where points lie (Hinton and Salakhutdinov 2006).
/// </summary>
public sealed class MlpAutoencoder : Autoencoder
{
    private readonly Sequential _encoder;
    private readonly Sequential _decoder;
    private readonly ModelGraph _graph;

    /// <summary>Builds the layers.</summary>
    /// <param name="dimensions">Values in one example, D.</param>
    /// <param name="hidden">Widths of the encoder's hidden layers.</param>
    /// <param name="latent">Values in a code.</param>
    /// <param name="activation">Nonlinearity after each hidden layer.</param>
    public MlpAutoencoder(int dimensions, IReadOnlyList<int> hidden, int latent, ActivationKind activation)
        : base(nameof(MlpAutoencoder), latent)
    {
        int[] down = [dimensions, .. hidden, latent];
        int[] up = [latent, .. hidden.Reverse(), dimensions];
        _encoder = FullyConnected.Layers(down, activation);
        _decoder = FullyConnected.Layers(up, activation);
        _graph = new([new NamedLayer("encoder", FullyConnected.Describe(down, activation))], ModelGraph.Code, [new NamedLayer("decoder", FullyConnected.Describe(up, activation))]);
        register_module("encoder", _encoder);
        register_module("decoder", _decoder);
    }

    /// <inheritdoc/>
    public override Tensor Code(Tensor x) => _encoder.forward(x);

    /// <inheritdoc/>
    public override Tensor Decode(Tensor z) => _decoder.forward(z);

    /// <inheritdoc/>
    internal override ModelGraph Describe() => _graph;
}
