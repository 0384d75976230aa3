using VaeCluster.Contracts.Specs;

namespace VaeCluster.Parameters.Architectures;

/// <summary>Five strided convolutions from 3x64x64 down to 512x2x2, each with batch normalisation and a leaky relu, and their mirror image.</summary>
internal static class Conv64Graph
{
    /// <summary>The layers.</summary>
    public static ModelGraph Create(int latent) => new(
        [
            new ReshapeLayer(3, 64, 64),
            new NamedLayer("encoder", new StackLayer(
                Down(3, 32), Down(32, 64), Down(64, 128), Down(128, 256), Down(256, 512),
                new FlattenLayer(),
                new LinearLayer(512 * 2 * 2, 2 * latent))),
        ],
        ModelGraph.Posterior,
        [
            new NamedLayer("expand", new LinearLayer(latent, 512 * 2 * 2)),
            new ReshapeLayer(512, 2, 2),
            new NamedLayer("decoder", new StackLayer(
                Up(512, 256), Up(256, 128), Up(128, 64), Up(64, 32), Up(32, 32),
                new ConvolutionLayer(32, 3, 3, 1, 1),
                new ActivationLayer(ActivationKind.Tanh),
                new FlattenLayer())),
        ]);

    /// <summary>Half the height and width.</summary>
    private static StackLayer Down(int from, int to) =>
        new(new ConvolutionLayer(from, to, 3, 2, 1), new NormalizationLayer(to), new ActivationLayer(ActivationKind.LeakyRelu));

    /// <summary>Twice the height and width.</summary>
    private static StackLayer Up(int from, int to) =>
        new(new TransposedConvolutionLayer(from, to, 3, 2, 1, 1), new NormalizationLayer(to), new ActivationLayer(ActivationKind.LeakyRelu));
}
