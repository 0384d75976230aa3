using TorchSharp.Modules;
using VaeCluster.Contracts.Specs;
using VaeCluster.Training.Export;
using static TorchSharp.torch;

namespace VaeCluster.Training.Models;

/// <summary>
/// The fully connected VAE (Kingma and Welling 2014, appendix C): D - hidden... - 2 * latent, and latent - ...hidden - D mirrored.
/// </summary>
public sealed class MlpVae : Vae
{
    private readonly Sequential _encoder;
    private readonly Sequential _decoder;
    private readonly ModelGraph _graph;

    /// <summary>Builds the layers.</summary>
    /// <param name="dimensions">Values in one example, D.</param>
    /// <param name="hidden">Widths of the encoder's hidden layers.</param>
    /// <param name="latent">Dimensions of the latent space.</param>
    /// <param name="activation">Nonlinearity after each hidden layer.</param>
    public MlpVae(int dimensions, IReadOnlyList<int> hidden, int latent, ActivationKind activation)
        : base(nameof(MlpVae), latent)
    {
        int[] down = [dimensions, .. hidden, 2 * latent];
        int[] up = [latent, .. hidden.Reverse(), dimensions];
        _encoder = FullyConnected.Layers(down, activation);
        _decoder = FullyConnected.Layers(up, activation);
        _graph = new([new NamedLayer("encoder", FullyConnected.Describe(down, activation))], ModelGraph.Posterior, [new NamedLayer("decoder", FullyConnected.Describe(up, activation))]);
        register_module("encoder", _encoder);
        register_module("decoder", _decoder);
    }

    /// <inheritdoc/>
    public override (Tensor Mean, Tensor LogVariance) Encode(Tensor x)
    {
        var halves = _encoder.forward(x).chunk(2, 1);
        return (halves[0], halves[1]);
    }

    /// <inheritdoc/>
    public override Tensor Decode(Tensor z) => _decoder.forward(z);

    /// <inheritdoc/>
    internal override ModelGraph Describe() => _graph;
}
