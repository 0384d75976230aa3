using VaeCluster.Contracts.Architectures;
using VaeCluster.Contracts.Specs.Objectives;

namespace VaeCluster.Contracts.Specs.Models;

/// <summary>
/// The vector-quantised autoencoder: two strided convolutions and two residual blocks, a codebook at a quarter of the side, and the mirror image (van den
/// Oord, Vinyals and Kavukcuoglu 2017).
/// </summary>
internal sealed class VqModel : ModelKind
{
    public override string Name => "vq";

    /// <summary>Channels of the convolutions.</summary>
    public override IReadOnlyList<int>? HiddenDefault => [64];

    /// <summary>Values in one code.</summary>
    public override int LatentDefault => 16;

    public override ObjectiveKind? OwnObjective { get; init; } = new VectorQuantizationObjective();

    public override string ShapeRule => "takes images whose height and width are multiples of 4";

    public override string ShapeSettings => "data.imageSize to such a multiple";

    public override bool Accepts(ExampleShape shape) => shape.Height % 4 == 0 && shape.Width % 4 == 0;

    public override int CodeLength(ModelSpec model, ExampleShape shape) => model.Latent!.Value * (shape.Height / 4) * (shape.Width / 4);

    public override long LargestLayer(ModelSpec model, ExampleShape shape) => model.Hidden![0] * shape.Height * shape.Width / 4L;

    public override long ParametersAtLeast(ModelSpec model, int values) => 30L * model.Hidden![0] * model.Hidden[0];

    public override IEnumerable<SpecError> Check(RunSpec spec)
    {
        if (spec.Model.Hidden!.Count != 1)
            yield return new(
                "model.hidden",
                $"model.hidden is {ModelRules.Show(spec.Model.Hidden)}; for vq it must be one number, the channels of its convolutions.",
                "Write it like [64].");
    }

    public override ModelGraph Describe(ModelSpec model, ExampleShape shape)
    {
        var (hidden, codeLength, relu) = (model.Hidden![0], model.Latent!.Value, new ActivationLayer(ActivationKind.Relu));
        // What a block adds to its input.
        ResidualLayer Block(string name) => new(new NamedLayer(name, new StackLayer(
            relu, new ConvolutionLayer(hidden, hidden, 3, 1, 1), relu, new ConvolutionLayer(hidden, hidden, 1, 1, 0))));
        return new(
            [
                new ReshapeLayer(shape.Channels, shape.Height, shape.Width),
                new NamedLayer("down", new StackLayer(
                    new ConvolutionLayer(shape.Channels, hidden, 4, 2, 1), relu, new ConvolutionLayer(hidden, hidden, 4, 2, 1))),
                Block("encoder_block1"), Block("encoder_block2"), relu,
                new NamedLayer("to_code", new ConvolutionLayer(hidden, codeLength, 1, 1, 0)),
                new PermuteLayer(0, 2, 3, 1),
                new QuantizationLayer("codebook", model.Codes, codeLength),
                new FlattenLayer(),
            ],
            ModelGraph.Code,
            [
                new ReshapeLayer(shape.Height / 4, shape.Width / 4, codeLength),
                new PermuteLayer(0, 3, 1, 2),
                new NamedLayer("from_code", new ConvolutionLayer(codeLength, hidden, 3, 1, 1)),
                Block("decoder_block1"), Block("decoder_block2"), relu,
                new NamedLayer("up", new StackLayer(
                    new TransposedConvolutionLayer(hidden, hidden, 4, 2, 1, 0), relu,
                    new TransposedConvolutionLayer(hidden, shape.Channels, 4, 2, 1, 0),
                    new FlattenLayer())),
            ]);
    }
}
