using TorchSharp.Modules;
using VaeCluster.Contracts.Specs;
using VaeCluster.Training.Export;
using static TorchSharp.torch;

namespace VaeCluster.Training.Models;

/// <summary>
/// The convolutional VAE for colour images of 3x64x64: five strided convolutions down to 512x2x2, each with batch normalisation and a leaky
/// relu, five transposed ones back up, and a last convolution to three channels under tanh. 3,937,635 parameters with 128 latent
/// dimensions. Pixels are in [-1, 1].
/// </summary>
public sealed class Conv64Vae : Vae
{
    private readonly Sequential _encoder;
    private readonly Linear _expand;
    private readonly Sequential _decoder;

    /// <summary>Builds the layers.</summary>
    /// <param name="latent">Dimensions of the latent space.</param>
    public Conv64Vae(int latent)
        : base(nameof(Conv64Vae), latent)
    {
        _encoder = nn.Sequential(
            Down(3, 32), Down(32, 64), Down(64, 128), Down(128, 256), Down(256, 512),
            nn.Flatten(),
            nn.Linear(512 * 2 * 2, 2 * latent));
        _expand = nn.Linear(latent, 512 * 2 * 2);
        _decoder = nn.Sequential(
            Up(512, 256), Up(256, 128), Up(128, 64), Up(64, 32), Up(32, 32),
            nn.Conv2d(32, 3, 3, 1, 1),
            nn.Tanh(),
            nn.Flatten());
        register_module("encoder", _encoder);
        register_module("expand", _expand);
        register_module("decoder", _decoder);
    }

    /// <inheritdoc/>
    public override PixelRange Range => PixelRange.Symmetric;

    /// <inheritdoc/>
    public override (Tensor Mean, Tensor LogVariance) Encode(Tensor x)
    {
        var halves = _encoder.forward(x.view(-1, 3, 64, 64)).chunk(2, 1);
        return (halves[0], halves[1]);
    }

    /// <inheritdoc/>
    public override Tensor Decode(Tensor z) => _decoder.forward(_expand.forward(z).view(-1, 512, 2, 2));

    /// <summary>Half the height and width.</summary>
    private static Sequential Down(int from, int to) =>
        nn.Sequential(nn.Conv2d(from, to, 3, 2, 1), nn.BatchNorm2d(to), nn.LeakyReLU(0.01));

    /// <summary>Twice the height and width.</summary>
    private static Sequential Up(int from, int to) =>
        nn.Sequential(nn.ConvTranspose2d(from, to, 3, 2, 1, 1), nn.BatchNorm2d(to), nn.LeakyReLU(0.01));

    /// <inheritdoc/>
    internal override ModelGraph Describe() => new(
        [
            new ReshapeLayer(3, 64, 64),
            new NamedLayer("encoder", new StackLayer(
                DescribeDown(3, 32), DescribeDown(32, 64), DescribeDown(64, 128), DescribeDown(128, 256), DescribeDown(256, 512),
                new FlattenLayer(),
                new LinearLayer(512 * 2 * 2, 2 * Latent))),
        ],
        ModelGraph.Posterior,
        [
            new NamedLayer("expand", new LinearLayer(Latent, 512 * 2 * 2)),
            new ReshapeLayer(512, 2, 2),
            new NamedLayer("decoder", new StackLayer(
                DescribeUp(512, 256), DescribeUp(256, 128), DescribeUp(128, 64), DescribeUp(64, 32), DescribeUp(32, 32),
                new ConvolutionLayer(32, 3, 3, 1, 1),
                new ActivationLayer(ActivationKind.Tanh),
                new FlattenLayer())),
        ]);

    private static StackLayer DescribeDown(int from, int to) =>
        new(new ConvolutionLayer(from, to, 3, 2, 1), new NormalizationLayer(to), new ActivationLayer(ActivationKind.LeakyRelu));

    private static StackLayer DescribeUp(int from, int to) =>
        new(new TransposedConvolutionLayer(from, to, 3, 2, 1, 1), new NormalizationLayer(to), new ActivationLayer(ActivationKind.LeakyRelu));
}
