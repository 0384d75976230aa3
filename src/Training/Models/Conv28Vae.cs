using TorchSharp.Modules;
using VaeCluster.Contracts.Specs;
using VaeCluster.Training.Export;
using static TorchSharp.torch;

namespace VaeCluster.Training.Models;

/// <summary>
/// The small convolutional VAE for images of 1x28x28: two strided convolutions down to 64x7x7, and two transposed ones back up to logits.
/// 59,525 parameters with two latent dimensions, 228,905 with twenty.
/// </summary>
public sealed class Conv28Vae : Vae
{
    private readonly Sequential _encoder;
    private readonly Linear _expand;
    private readonly Sequential _decoder;

    /// <summary>Builds the layers.</summary>
    /// <param name="latent">Dimensions of the latent space.</param>
    public Conv28Vae(int latent)
        : base(nameof(Conv28Vae), latent)
    {
        _encoder = nn.Sequential(
            nn.Conv2d(1, 32, 3, 2, 1), nn.ReLU(),
            nn.Conv2d(32, 64, 3, 2, 1), nn.ReLU(),
            nn.Flatten(),
            nn.Linear(64 * 7 * 7, 2 * latent));
        _expand = nn.Linear(latent, 64 * 7 * 7);
        _decoder = nn.Sequential(
            nn.ReLU(),
            nn.ConvTranspose2d(64, 32, 3, 2, 1, 1), nn.ReLU(),
            nn.ConvTranspose2d(32, 1, 3, 2, 1, 1),
            nn.Flatten());
        register_module("encoder", _encoder);
        register_module("expand", _expand);
        register_module("decoder", _decoder);
    }

    /// <inheritdoc/>
    public override (Tensor Mean, Tensor LogVariance) Encode(Tensor x)
    {
        var halves = _encoder.forward(x.view(-1, 1, 28, 28)).chunk(2, 1);
        return (halves[0], halves[1]);
    }

    /// <inheritdoc/>
    public override Tensor Decode(Tensor z) => _decoder.forward(_expand.forward(z).view(-1, 64, 7, 7));

    /// <inheritdoc/>
    internal override ModelGraph Describe() => new(
        [
            new ReshapeLayer(1, 28, 28),
            new NamedLayer("encoder", new StackLayer(
                new ConvolutionLayer(1, 32, 3, 2, 1), new ActivationLayer(ActivationKind.Relu),
                new ConvolutionLayer(32, 64, 3, 2, 1), new ActivationLayer(ActivationKind.Relu),
                new FlattenLayer(),
                new LinearLayer(64 * 7 * 7, 2 * Latent))),
        ],
        ModelGraph.Posterior,
        [
            new NamedLayer("expand", new LinearLayer(Latent, 64 * 7 * 7)),
            new ReshapeLayer(64, 7, 7),
            new NamedLayer("decoder", new StackLayer(
                new ActivationLayer(ActivationKind.Relu),
                new TransposedConvolutionLayer(64, 32, 3, 2, 1, 1), new ActivationLayer(ActivationKind.Relu),
                new TransposedConvolutionLayer(32, 1, 3, 2, 1, 1),
                new FlattenLayer())),
        ]);
}
