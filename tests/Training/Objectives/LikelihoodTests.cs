using VaeCluster.Tests.Support;
using VaeCluster.Training.Models;
using VaeCluster.Training.Objectives;
using static TorchSharp.torch;

namespace VaeCluster.Tests.Training.Objectives;

public sealed class LikelihoodTests
{
    private static readonly double[] Outputs = [-3, -0.5, 0, 0.25, 2, 4];
    private static readonly double[] Pixels = [0, 0.2, 1, 0.5, 0.9, 0];

    [Fact]
    public void Bernoulli_NegativeLog_IsTheCrossEntropySummed()
    {
        using var scope = NewDisposeScope();

        var value = Likelihood.For(ASpec.With().Objective, null).NegativeLog(tensor(Outputs, [2, 3]), tensor(Pixels, [2, 3])).ToNumber();

        var expected = Outputs.Zip(Pixels, (logit, x) =>
        {
            var p = 1 / (1 + Math.Exp(-logit));
            return -((x * Math.Log(p)) + ((1 - x) * Math.Log(1 - p)));
        }).Sum();
        Assert.Equal(expected, value, 1e-12);
    }

    [Fact]
    public void Bernoulli_OfHugeLogits_StaysFinite()
    {
        using var scope = NewDisposeScope();

        var value = new BernoulliLikelihood().NegativeLog(tensor([1000.0, -1000.0, 1000.0]), tensor([1.0, 0.0, 0.0])).ToNumber();

        Assert.Equal(1000, value);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.1)]
    [InlineData(2.5)]
    public void Gaussian_NegativeLog_IsMinusTheLogDensitySummed(double sigma)
    {
        using var scope = NewDisposeScope();
        var spec = ASpec.With("objective.likelihood=gaussian", FormattableString.Invariant($"objective.sigma={sigma}")).Objective;

        var value = Likelihood.For(spec, null).NegativeLog(tensor(Outputs, [2, 3]), tensor(Pixels, [2, 3])).ToNumber();

        var expected = Outputs.Zip(Pixels, (m, x) => -Math.Log(Math.Exp(-Math.Pow((x - m) / sigma, 2) / 2) / (sigma * Math.Sqrt(2 * Math.PI))));
        if (sigma >= 1)
            Assert.Equal(expected.Sum(), value, 1e-9);
        // Where the density itself is too small for a double, its logarithm is not.
        var byLogarithms = Outputs.Zip(Pixels, (m, x) => (Math.Pow(x - m, 2) / (2 * sigma * sigma)) + Math.Log(sigma) + (0.5 * Math.Log(2 * Math.PI)));
        Assert.Equal(byLogarithms.Sum(), value, 1e-9);
    }

    [Fact]
    public void Mean_OfEachLikelihood_IsAnImage()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(1 / (1 + Math.Exp(-2)), new BernoulliLikelihood().Mean(tensor(2.0)).ToNumber(), 1e-12);
        Assert.Equal(0.7, new GaussianLikelihood(1).Mean(tensor(0.7)).ToNumber());
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1.0)]
    public void Gaussian_WithoutADeviation_Throws(double sigma) =>
        Assert.Throws<ArgumentOutOfRangeException>(nameof(sigma), () => new GaussianLikelihood(sigma));
}
