using VaeCluster.Contracts.Architectures;

namespace VaeCluster.Contracts.Specs.Models;

/// <summary>
/// D - hidden... - latent, and latent - ...hidden - D mirrored: the fully connected VAE (Kingma and Welling 2014, appendix C), its presets, and the plain
/// autoencoder that a VAE is compared with, whose code is a point (Hinton and Salakhutdinov 2006).
/// </summary>
internal sealed class FullyConnectedModel(string name) : ModelKind
{
    public override string Name => name;

    public override IReadOnlyList<int>? HiddenDefault { get; init; } = [512];

    public override ActivationKind? ActivationDefault { get; init; } = ActivationKind.Relu;

    private IReadOnlyList<string> Outputs => HasPosterior ? ModelGraph.Posterior : ModelGraph.Code;

    public override ModelGraph Describe(ModelSpec model, ExampleShape shape) =>
        ModelGraph.FullyConnected(shape.Dimensions, model.Hidden!, model.Latent!.Value, model.Activation!.Value, Outputs);

    /// <summary>Weights and biases of the encoder's hidden layers and of the decoder, which mirrors them.</summary>
    public override long ParametersAtLeast(ModelSpec model, int values)
    {
        long latent = model.Latent!.Value;
        var count = 0L;
        long before = values;
        foreach (var width in model.Hidden!)
        {
            count += (2 * before * width) + width + before;
            before = width;
        }
        return count + (before * Outputs.Count * latent) + (Outputs.Count * latent) + (latent * before) + before;
    }
}
