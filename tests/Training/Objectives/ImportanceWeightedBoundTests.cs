using VaeCluster.Training.Models;
using VaeCluster.Training.Objectives;
using static TorchSharp.torch;

namespace VaeCluster.Tests.Training.Objectives;

public sealed class ImportanceWeightedBoundTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Bound_WithTheTruePosterior_IsTheEvidence(int samples)
    {
        using var scope = NewDisposeScope();
        using var model = LinearGaussian.Model();

        var bound = -Bound(model, samples, randn([samples * 2, 2], ScalarType.Float64)).Total.ToNumber();

        Assert.Equal(LinearGaussian.LogEvidence(), bound, 1e-9);
    }

    [Fact]
    public void Bound_OfOneDraw_IsTheDrawnElbo()
    {
        using var scope = NewDisposeScope();
        using var model = LinearGaussian.Model(0.4, 1.5);
        var noise = randn([2, 2], ScalarType.Float64);

        var total = Bound(model, 1, noise).Total.ToNumber();

        var (mean, logVariance) = model.Encode(LinearGaussian.Examples);
        var z = Gaussian.Reparameterize(mean, logVariance, noise);
        var reconstruction = new GaussianLikelihood(LinearGaussian.Sigma).NegativeLog(model.Decode(z), LinearGaussian.Examples);
        var expected = reconstruction.Plus((Gaussian.LogDensity(z, mean, logVariance) - Gaussian.LogStandardNormal(z)).sum());
        Assert.Equal(expected.ToNumber(), total, 1e-10);
    }

    [Fact]
    public void Bound_WithMoreDraws_IsTighterOnAverage_AndStaysBelowTheEvidence()
    {
        using var scope = NewDisposeScope();
        using var model = LinearGaussian.Model(0.3, 1.3);
        using var generator = new Generator(3);
        double Average(int samples)
        {
            var sum = 0.0;
            for (var i = 0; i < 2000; i++)
            {
                using var inner = NewDisposeScope();
                sum -= Bound(model, samples, randn([samples * 2, 2], ScalarType.Float64, generator: generator)).Total.ToNumber();
            }
            return sum / 2000;
        }

        var (one, five, fifty) = (Average(1), Average(5), Average(50));

        Assert.True(one + 0.05 < five && five + 0.02 < fifty && fifty < LinearGaussian.LogEvidence() + 0.02, $"{one}, {five}, {fifty} and {LinearGaussian.LogEvidence()}.");
    }

    [Fact]
    public void Gradient_OfTheEncoder_IsTheCentralDifference()
    {
        using var scope = NewDisposeScope();
        using var model = LinearGaussian.Model(0.3, 1.3);
        var noise = randn([10, 2], ScalarType.Float64);
        var bias = model.get_parameter("encoder.0.bias")!;

        var gradient = autograd.grad([Bound(model, 5, noise).Total], [bias])[0].data<double>().ToArray();

        for (var i = 0; i < 4; i++)
        {
            using var noGrad = no_grad();
            double At(double offset)
            {
                bias[i] = bias[i].Plus(offset);
                var value = Bound(model, 5, noise).Total.ToNumber();
                bias[i] = bias[i].Minus(offset);
                return value;
            }
            Assert.Equal((At(1e-5) - At(-1e-5)) / 2e-5, gradient[i], 1e-6);
        }
    }

    private static LossTerms Bound(VaeCluster.Training.Models.Vae model, int samples, Tensor noise) =>
        new ImportanceWeightedBound(model, new GaussianLikelihood(LinearGaussian.Sigma), samples).Train(LinearGaussian.Examples, noise, 0);
}
