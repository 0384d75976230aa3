using VaeCluster.Contracts.Specs;

namespace VaeCluster.Parameters.Architectures;

/// <summary>Two strided convolutions from 1x28x28 down to 64x7x7, and two transposed ones back up to logits.</summary>
internal static class Conv28Graph
{
    /// <summary>The layers.</summary>
    public static ModelGraph Create(int latent)
    {
        var relu = new ActivationLayer(ActivationKind.Relu);
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
