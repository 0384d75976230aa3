using VaeCluster.Training.Models;
using VaeCluster.Training.Objectives;
using static TorchSharp.torch;

namespace VaeCluster.Tests.Training.Objectives;

public sealed class GaussianTests
{
    [Fact]
    public void Kl_AtStandardNormal_IsZero()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(0, Gaussian.KlToStandardNormal(zeros(3, 5), zeros(3, 5)).ToNumber());
    }

    [Theory]
    [InlineData(0.0, 0.5)]
    [InlineData(1.0, 0.0)]
    [InlineData(-2.0, -1.5)]
    [InlineData(0.3, 1.2)]
    public void Kl_OfOneDimension_IsTheIntegral(double mean, double logVariance)
    {
        using var scope = NewDisposeScope();

        var kl = Gaussian.KlToStandardNormal(tensor(mean).reshape(1, 1), tensor(logVariance).reshape(1, 1)).ToNumber();

        Assert.Equal(IntegratedKl(mean, logVariance), kl, 1e-9);
    }

    [Fact]
    public void Kl_OfABatch_IsTheSumOverBatchAndDimensions()
    {
        using var scope = NewDisposeScope();
        double[] means = [0.0, 1.0, -2.0, 0.3];
        double[] logVariances = [0.5, 0.0, -1.5, 1.2];

        var kl = Gaussian.KlToStandardNormal(tensor(means, [2, 2]), tensor(logVariances, [2, 2])).ToNumber();

        Assert.Equal(means.Zip(logVariances, IntegratedKl).Sum(), kl, 1e-9);
    }

    [Fact]
    public void Reparameterize_IsMeanPlusDeviationTimesNoise()
    {
        using var scope = NewDisposeScope();

        var z = Gaussian.Reparameterize(tensor([1.0, -2.0]), tensor([0.0, 2 * Math.Log(3)]), tensor([0.5, -1.0]));

        Assert.Equal(1.5, z[0].ToNumber(), 1e-12);
        Assert.Equal(-5.0, z[1].ToNumber(), 1e-12);
    }

    /// <summary>The integral of q log(q / p) by Simpson's rule over twelve standard deviations.</summary>
    private static double IntegratedKl(double mean, double logVariance)
    {
        const int Intervals = 4000;
        var deviation = Math.Exp(logVariance / 2);
        var step = 24 * deviation / Intervals;
        var sum = 0.0;
        for (var i = 0; i <= Intervals; i++)
        {
            var x = mean - (12 * deviation) + (i * step);
            var logQ = (-0.5 * Math.Pow((x - mean) / deviation, 2)) - Math.Log(deviation * Math.Sqrt(2 * Math.PI));
            var logP = (-0.5 * x * x) - Math.Log(Math.Sqrt(2 * Math.PI));
            sum += Math.Exp(logQ) * (logQ - logP) * (i is 0 or Intervals ? 1 : i % 2 == 1 ? 4 : 2);
        }
        return sum * step / 3;
    }
}
