using VaeCluster.Contracts.Architectures;

namespace VaeCluster.Contracts.Specs.Models;

/// <summary>
/// The small convolutional VAE for images of 1x28x28: two strided convolutions down to 64x7x7, and two transposed ones back up to logits.
/// 59,525 parameters with two latent dimensions, 228,905 with twenty.
/// </summary>
internal sealed class Conv28Model : ModelKind
{
    public override string Name => "conv28";

    public override int LatentDefault => 2;

    public override string ShapeRule => "takes images of 1x28x28";

    public override string ShapeSettings => "data.imageSize to 28 and data.channels to 1";

    public override bool Accepts(ExampleShape shape) => shape == new ExampleShape(1, 28, 28);

    public override long LargestLayer(ModelSpec model, ExampleShape shape) => 32 * 14 * 14;

    public override ModelGraph Describe(ModelSpec model, ExampleShape shape)
    {
        var (latent, relu) = (model.Latent!.Value, new ActivationLayer(ActivationKind.Relu));
        return new(
            [
                new ReshapeLayer(1, 28, 28),
                new NamedLayer("encoder", new StackLayer(
                    new ConvolutionLayer(1, 32, 3, 2, 1), relu,
                    new ConvolutionLayer(32, 64, 3, 2, 1), relu,
                    new FlattenLayer(),
                    new LinearLayer(64 * 7 * 7, 2 * latent))),
            ],
            ModelGraph.Posterior,
            [
                new NamedLayer("expand", new LinearLayer(latent, 64 * 7 * 7)),
                new ReshapeLayer(64, 7, 7),
                new NamedLayer("decoder", new StackLayer(
                    relu,
                    new TransposedConvolutionLayer(64, 32, 3, 2, 1, 1), relu,
                    new TransposedConvolutionLayer(32, 1, 3, 2, 1, 1),
                    new FlattenLayer())),
            ]);
    }
}
