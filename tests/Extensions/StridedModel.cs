using VaeCluster.Contracts.Architectures;
using VaeCluster.Contracts.Specs;

namespace VaeCluster.Extensions.Sample;

/// <summary>
/// A convolutional VAE for images of any size that halves twice. Its layers are all that is said of it: the module, the layout of the parameters and the
/// exported forms follow from them.
/// </summary>
public sealed class StridedModel : ModelKind
{
    /// <inheritdoc/>
    public override string Name => "strided";

    /// <summary>Channels after each of the two strided convolutions.</summary>
    public override IReadOnlyList<int>? HiddenDefault => [16, 32];

    /// <inheritdoc/>
    public override ActivationKind? ActivationDefault => ActivationKind.Silu;

    /// <inheritdoc/>
    public override int LatentDefault => 8;

    /// <inheritdoc/>
    public override string ShapeRule => "takes images whose height and width are multiples of 4";

    /// <inheritdoc/>
    public override string ShapeSettings => "data.imageSize to such a multiple";

    /// <inheritdoc/>
    public override bool Accepts(ExampleShape shape) => shape.Height % 4 == 0 && shape.Width % 4 == 0;

    /// <inheritdoc/>
    public override long LargestLayer(ModelSpec model, ExampleShape shape)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Math.Max(shape.Dimensions, model.Hidden![0] * shape.Height * shape.Width / 4L);
    }

    /// <inheritdoc/>
    public override IEnumerable<SpecError> Check(RunSpec spec)
    {
        if (spec.Model.Hidden!.Count != 2)
            yield return new(
                "model.hidden",
                $"model.hidden has {spec.Model.Hidden.Count} numbers; for strided it must have two, the channels after each convolution.",
                "Write it like [16, 32].");
    }

    /// <inheritdoc/>
    public override ModelGraph Describe(ModelSpec model, ExampleShape shape)
    {
        ArgumentNullException.ThrowIfNull(model);
        var (first, second) = (model.Hidden![0], model.Hidden[1]);
        var (latent, values) = (model.Latent!.Value, second * (shape.Height / 4) * (shape.Width / 4));
        var activation = new ActivationLayer(model.Activation!.Value);
        return new(
            [
                new ReshapeLayer(shape.Channels, shape.Height, shape.Width),
                new NamedLayer("encoder", new StackLayer(
                    new ConvolutionLayer(shape.Channels, first, 4, 2, 1), activation,
                    new ConvolutionLayer(first, second, 4, 2, 1), activation,
                    new FlattenLayer(),
                    new LinearLayer(values, 2 * latent))),
            ],
            ModelGraph.Posterior,
            [
                new NamedLayer("expand", new LinearLayer(latent, values)),
                new ReshapeLayer(second, shape.Height / 4, shape.Width / 4),
                new NamedLayer("decoder", new StackLayer(
                    activation,
                    new TransposedConvolutionLayer(second, first, 4, 2, 1, 0), activation,
                    new TransposedConvolutionLayer(first, shape.Channels, 4, 2, 1, 0),
                    new FlattenLayer())),
            ]);
    }
}
