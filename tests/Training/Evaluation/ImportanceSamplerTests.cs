using VaeCluster.Data.Randomness;
using VaeCluster.Training.Evaluation;
using VaeCluster.Training.Objectives;
using static TorchSharp.torch;

namespace VaeCluster.Tests.Training.Evaluation;

public sealed class ImportanceSamplerTests
{
    private const double Sigma = 0.5;
    private static readonly double[] W = [0.8, -0.3, 1.1];
    private static readonly double[] B = [0.1, 0.2, -0.4];
    private static readonly double[] X = [0.9, -0.5, 1.3];

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public void LogLikelihood_WithTheExactPosterior_IsExactForAnyNumberOfSamples(int samples)
    {
        using var model = new LinearGaussian(W, B, Sigma);

        // Every weight p(x, z) / q(z|x) is p(x) itself, whatever z.
        Assert.Equal(model.LogLikelihood(X), Estimate(model, samples, 0), 1e-5);
    }

    [Fact]
    public void LogLikelihood_WithAnotherPosterior_ApproachesTheTruthFromBelow_AsTheSamplesGrow()
    {
        using var model = new LinearGaussian(W, B, Sigma, shift: 0.5, widening: 1.5);
        var truth = model.LogLikelihood(X);

        var errors = new[] { 1, 10, 100, 5000 }.Select(samples => truth - Enumerable.Range(0, 200).Average(trial => Estimate(model, samples, trial))).ToArray();

        // KL(q || p(z|x)), the gap of the ELBO, in closed form.
        var gap = 0.5 * ((0.5 * 0.5 * model.Precision) + 1.5 - 1 - Math.Log(1.5));
        Assert.Equal(gap, errors[0], 0.15);
        Assert.True(errors[0] > errors[1] && errors[1] > errors[2] && errors[2] > 0, $"The errors {string.Join(", ", errors)} do not fall.");
        Assert.Equal(0, errors[3], 0.003);
    }

    [Fact]
    public void LogLikelihood_IsTheSameHoweverTheSamplesAreDividedIntoChunks()
    {
        // So few values an example that a thousand samples are one chunk, and so many that they are dozens: the same noise, and so the same value.
        using var small = new LinearGaussian([1], [0], 1);
        var wide = Enumerable.Range(0, 20_000).Select(i => i == 0 ? 1.0 : 0).ToArray();
        using var large = new LinearGaussian(wide, new double[20_000], 1);
        double[] x = [1.5];
        double[] padded = [1.5, .. new double[19_999]];
        var constant = 19_999 * 0.5 * Math.Log(2 * Math.PI);

        Assert.Equal(Estimate(small, 1000, 3, x), Estimate(large, 1000, 3, padded) + constant, 2e-2);
    }

    private static double Estimate(LinearGaussian model, int samples, int trial, double[]? x = null)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var row = tensor(Array.ConvertAll(x ?? X, value => (float)value), [1, (x ?? X).Length]);
        var (mean, logVariance) = model.Encode(row);
        var sampler = new ImportanceSampler(model, new GaussianLikelihood(x is null ? Sigma : 1), CPU);
        return sampler.LogLikelihood(row, mean, logVariance, samples, new CounterRandom(1, RandomPurpose.ImportanceNoise, trial));
    }
}
