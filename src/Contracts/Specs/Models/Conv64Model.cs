using VaeCluster.Contracts.Architectures;

namespace VaeCluster.Contracts.Specs.Models;

/// <summary>
/// The convolutional VAE for colour images of 3x64x64: five strided convolutions down to 512x2x2, each with batch normalisation and a leaky
/// relu, five transposed ones back up, and a last convolution to three channels under tanh. 3,937,635 parameters with 128 latent
/// dimensions. Pixels are in [-1, 1].
/// </summary>
internal sealed class Conv64Model : ModelKind
{
    public override string Name => "conv64";

    public override int LatentDefault => 128;

    public override PixelRange Range => PixelRange.Symmetric;

    public override string ShapeRule => "takes images of 3x64x64";

    public override string ShapeSettings => "data.imageSize to 64 and data.channels to 3";

    public override bool Accepts(ExampleShape shape) => shape == new ExampleShape(3, 64, 64);

    public override long LargestLayer(ModelSpec model, ExampleShape shape) => 32 * 64 * 64;

    public override IEnumerable<SpecError> Check(RunSpec spec)
    {
        var objective = spec.Objective;
        if (objective.Likelihood != LikelihoodKind.Gaussian)
            yield return new(
                "objective.likelihood",
                "objective.likelihood is bernoulli, but conv64 ends in tanh, and its output in [-1, 1] is not a logit.",
                "Set objective.likelihood to gaussian.");
        if (objective.Mean == MeanKind.Sigmoid)
            yield return new("objective.mean", "objective.mean is sigmoid, but conv64 ends in tanh and gives the mean itself.", "Leave objective.mean out.");
        if (objective.Estimator == EstimatorKind.ScoreFunction)
            yield return new(
                "objective.estimator",
                "objective.estimator is score-function, but conv64 normalises over the batch: the loss of an example depends on the draws "
                    + "of the others, and the estimate would be wrong.",
                "Set objective.estimator to reparameterization.");
    }

    public override ModelGraph Describe(ModelSpec model, ExampleShape shape)
    {
        var latent = model.Latent!.Value;
        return new(
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
    }

    /// <summary>Half the height and width.</summary>
    private static StackLayer Down(int from, int to) =>
        new(new ConvolutionLayer(from, to, 3, 2, 1), new NormalizationLayer(to), new ActivationLayer(ActivationKind.LeakyRelu));

    /// <summary>Twice the height and width.</summary>
    private static StackLayer Up(int from, int to) =>
        new(new TransposedConvolutionLayer(from, to, 3, 2, 1, 1), new NormalizationLayer(to), new ActivationLayer(ActivationKind.LeakyRelu));
}
