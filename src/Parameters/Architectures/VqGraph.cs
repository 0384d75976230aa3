using VaeCluster.Contracts.Specs;

namespace VaeCluster.Parameters.Architectures;

/// <summary>
/// Two strided convolutions and two residual blocks, a codebook at a quarter of the side, and the mirror image (van den Oord, Vinyals and
/// Kavukcuoglu 2017).
/// </summary>
internal static class VqGraph
{
    /// <summary>The layers.</summary>
    public static ModelGraph Create(int channels, int height, int width, int hidden, int codes, int codeLength)
    {
        var relu = new ActivationLayer(ActivationKind.Relu);
        // What a block adds to its input.
        ResidualLayer Block(string name) => new(new NamedLayer(name, new StackLayer(
            relu, new ConvolutionLayer(hidden, hidden, 3, 1, 1), relu, new ConvolutionLayer(hidden, hidden, 1, 1, 0))));
        return new(
            [
                new ReshapeLayer(channels, height, width),
                new NamedLayer("down", new StackLayer(new ConvolutionLayer(channels, hidden, 4, 2, 1), relu, new ConvolutionLayer(hidden, hidden, 4, 2, 1))),
                Block("encoder_block1"), Block("encoder_block2"), relu,
                new NamedLayer("to_code", new ConvolutionLayer(hidden, codeLength, 1, 1, 0)),
                new PermuteLayer(0, 2, 3, 1),
                new QuantizationLayer("codebook", codes, codeLength),
                new FlattenLayer(),
            ],
            ModelGraph.Code,
            [
                new ReshapeLayer(height / 4, width / 4, codeLength),
                new PermuteLayer(0, 3, 1, 2),
                new NamedLayer("from_code", new ConvolutionLayer(codeLength, hidden, 3, 1, 1)),
                Block("decoder_block1"), Block("decoder_block2"), relu,
                new NamedLayer("up", new StackLayer(
                    new TransposedConvolutionLayer(hidden, hidden, 4, 2, 1, 0), relu,
                    new TransposedConvolutionLayer(hidden, channels, 4, 2, 1, 0),
                    new FlattenLayer())),
            ]);
    }
}
