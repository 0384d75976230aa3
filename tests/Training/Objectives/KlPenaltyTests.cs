using VaeCluster.Contracts.Specs;
using VaeCluster.Training.Models;
using VaeCluster.Training.Objectives;
using static TorchSharp.torch;

namespace VaeCluster.Tests.Training.Objectives;

public sealed class KlPenaltyTests
{
    // Two examples, three dimensions. With unit variance the KL of a dimension is half the squared mean.
    private static readonly double[] Means = [2, 0.2, 0, 1, 0.4, 0];
    private const double First = 1.25;   // (2^2 + 1^2) / 2 / 2
    private const double Second = 0.05;  // (0.2^2 + 0.4^2) / 2 / 2

    [Fact]
    public void KlOfDimensions_IsTheMeanOverTheBatch()
    {
        using var scope = NewDisposeScope();

        var kl = Gaussian.KlOfDimensions(tensor(Means, [2, 3]), zeros(2, 3, ScalarType.Float64));

        Assert.Equal([First, Second, 0], kl.data<double>().ToArray().Select(value => Math.Round(value, 12)));
    }

    [Fact]
    public void FreeBits_ADimensionBelow_CostsAsMuchAndHasNoGradient()
    {
        using var scope = NewDisposeScope();
        var mean = tensor(Means, [2, 3]).requires_grad_();
        var (penalty, posterior, kl) = Arrange(mean, new() { FreeBits = 0.3, Beta = new() { Value = 2 } });

        var value = penalty.Of(posterior, kl, 0);
        var gradient = autograd.grad([value], [mean])[0].data<double>().ToArray();

        Assert.Equal(2 * 2 * (First + 0.3 + 0.3), value.ToNumber(), 1e-12);
        // beta * d(KL)/d(mean) = beta * mean where the dimension is above lambda.
        Assert.Equal([4, 0, 0, 2, 0, 0], gradient.Select(g => Math.Round(g, 12)));
    }

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(2.0, -1)]
    public void Capacity_IsTheDistanceFromIt_OnEitherSide(double capacity, int sign)
    {
        using var scope = NewDisposeScope();
        var mean = tensor(Means, [2, 3]).requires_grad_();
        var spec = new ObjectiveSpec { Beta = new() { Schedule = BetaScheduleKind.Capacity, Value = 10, WarmupSteps = 1, Capacity = capacity } };
        var (penalty, posterior, kl) = Arrange(mean, spec);

        var value = penalty.Of(posterior, kl, 5);
        var gradient = autograd.grad([value], [mean])[0].data<double>().ToArray();

        // Summed over the two examples: each costs gamma |1.3 - C|.
        Assert.Equal(2 * 10 * Math.Abs(First + Second - capacity), value.ToNumber(), 1e-9);
        Assert.All(Means.Zip(gradient), pair => Assert.Equal(sign * 10 * pair.First, pair.Second, 1e-9));
    }

    private static (KlPenalty Penalty, Posterior Posterior, Tensor Kl) Arrange(Tensor mean, ObjectiveSpec spec)
    {
        var logVariance = zeros(2, 3, ScalarType.Float64);
        return (new KlPenalty(spec), new Posterior(mean, logVariance, mean, mean, 1), Gaussian.KlToStandardNormal(mean, logVariance));
    }
}
