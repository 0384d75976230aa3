using VaeCluster.Contracts.Specs;
using VaeCluster.Training.Models;
using VaeCluster.Training.Objectives;
using static TorchSharp.torch;

namespace VaeCluster.Tests.Training.Objectives;

/// <summary>
/// The three estimators of the encoder's gradient on a model whose gradient is known in closed form: their means agree with it and with each
/// other, and their variances order as theory says.
/// </summary>
public sealed class EstimatorTests
{
    private const int Draws = 3000;

    public static TheoryData<EstimatorKind, int> Estimators => new()
    {
        { EstimatorKind.Reparameterization, 1 },
        { EstimatorKind.Reparameterization, 4 },
        { EstimatorKind.ScoreFunction, 1 },
        { EstimatorKind.ScoreFunction, 4 },
        { EstimatorKind.StickingTheLanding, 1 },
        { EstimatorKind.StickingTheLanding, 4 },
    };

    [Theory]
    [MemberData(nameof(Estimators))]
    public void Mean_OfManyEstimates_IsTheGradient(EstimatorKind kind, int samples)
    {
        var (mean, variance) = Moments(kind, shift: 0.3, scale: 1.4, samples);

        var exact = ExactGradient(shift: 0.3, scale: 1.4);
        for (var i = 0; i < exact.Length; i++)
        {
            // Within five standard errors, and not because they are wide.
            var error = Math.Sqrt(variance[i] / Draws);
            Assert.InRange(mean[i], exact[i] - (5 * error) - 1e-9, exact[i] + (5 * error) + 1e-9);
            Assert.InRange(error, 0, 0.5);
        }
    }

    [Fact]
    public void Variances_OrderAsTheorySays()
    {
        var reparameterization = Moments(EstimatorKind.Reparameterization, 0, 1, 1).Variance.Sum();
        var path = Moments(EstimatorKind.StickingTheLanding, 0, 1, 1).Variance.Sum();
        var score = Moments(EstimatorKind.ScoreFunction, 0, 1, 1).Variance.Sum();
        var scoreOfFour = Moments(EstimatorKind.ScoreFunction, 0, 1, 4).Variance.Sum();

        // At the true posterior log p(x, z) - log q(z|x) is a constant, so nothing is left that scatters (Roeder et al. 2017, section 3).
        Assert.InRange(path, 0, 1e-18);
        Assert.InRange(reparameterization, 1e-2, 1e3);
        Assert.True(score > 2 * reparameterization, $"{score} of the score function and {reparameterization} of reparameterization.");
        Assert.True(scoreOfFour < score / 3, $"{scoreOfFour} with four draws and {score} with one.");
    }

    [Fact]
    public void Variances_AwayFromThePosterior_StillPutTheScoreFunctionLast()
    {
        var reparameterization = Moments(EstimatorKind.Reparameterization, 0.3, 1.4, 1).Variance.Sum();
        var path = Moments(EstimatorKind.StickingTheLanding, 0.3, 1.4, 1).Variance.Sum();
        var score = Moments(EstimatorKind.ScoreFunction, 0.3, 1.4, 1).Variance.Sum();

        Assert.True(path < score && reparameterization < score, $"{path}, {reparameterization} and {score}.");
    }

    [Theory]
    [MemberData(nameof(Estimators))]
    public void DecoderGradient_OfEachEstimator_IsThatOfTheLossItself(EstimatorKind kind, int samples)
    {
        using var scope = NewDisposeScope();
        using var model = LinearGaussian.Model(0.2, 1.1);
        var likelihood = new GaussianLikelihood(LinearGaussian.Sigma);
        var noise = randn([samples * 2, 2], ScalarType.Float64);
        var decoder = model.get_parameter("decoder.0.weight")!;
        Tensor Gradient(EstimatorKind of)
        {
            var spec = new ObjectiveSpec { Estimator = of, Samples = samples };
            return autograd.grad([new EvidenceLowerBound(model, likelihood, spec).Train(LinearGaussian.Examples, noise, 0).Total], [decoder])[0];
        }

        Assert.Equal(0, (Gradient(kind) - Gradient(EstimatorKind.Reparameterization)).abs().max().ToNumber(), 1e-10);
    }

    [Theory]
    [MemberData(nameof(Estimators))]
    public void Terms_OfEachEstimator_AreReportedAlike(EstimatorKind kind, int samples)
    {
        using var scope = NewDisposeScope();
        using var model = LinearGaussian.Model(0.2, 1.1);
        var noise = randn([samples * 2, 2], ScalarType.Float64);
        LossTerms Terms(EstimatorKind of) =>
            new EvidenceLowerBound(model, new GaussianLikelihood(LinearGaussian.Sigma), new() { Estimator = of, Samples = samples }).Train(LinearGaussian.Examples, noise, 0);

        var (expected, actual) = (Terms(EstimatorKind.Reparameterization), Terms(kind));

        Assert.Equal(expected.Reconstruction.ToNumber(), actual.Reconstruction.ToNumber(), 1e-10);
        Assert.Equal(expected.Regularization.ToNumber(), actual.Regularization.ToNumber(), 1e-10);
    }

    /// <summary>Mean and variance, over many draws, of the gradient of the encoder's four biases: two means, two logarithms of variances.</summary>
    private static (double[] Mean, double[] Variance) Moments(EstimatorKind kind, double shift, double scale, int samples)
    {
        using var scope = NewDisposeScope();
        using var model = LinearGaussian.Model(shift, scale);
        using var generator = new Generator(17);
        var objective = new EvidenceLowerBound(model, new GaussianLikelihood(LinearGaussian.Sigma), new() { Estimator = kind, Samples = samples });
        var (bias, x) = (model.get_parameter("encoder.0.bias")!, LinearGaussian.Examples);
        var gradients = new double[Draws][];
        for (var i = 0; i < Draws; i++)
        {
            using var inner = NewDisposeScope();
            var noise = randn([samples * 2, 2], ScalarType.Float64, generator: generator);
            gradients[i] = autograd.grad([objective.Train(x, noise, 0).Total], [bias])[0].data<double>().ToArray();
        }
        double[] mean = [.. Enumerable.Range(0, 4).Select(j => gradients.Average(g => g[j]))];
        double[] variance = [.. Enumerable.Range(0, 4).Select(j => gradients.Sum(g => Math.Pow(g[j] - mean[j], 2)) / (Draws - 1))];
        return (mean, variance);
    }

    /// <summary>
    /// In closed form: E|x - W z|^2 is |x - W m|^2 + s sum v, so with q = N(m, v) the loss of an example is
    /// (|x - W m|^2 + s sum v) / (2 sigma^2) + 1/2 sum (m^2 + v - 1 - log v), and the gradients follow.
    /// </summary>
    private static double[] ExactGradient(double shift, double scale)
    {
        var (s, noise) = (LinearGaussian.SquaredLength, LinearGaussian.Sigma * LinearGaussian.Sigma);
        var gradient = new double[4];
        for (var i = 0; i < 2; i++)
        {
            var x = LinearGaussian.X.AsSpan(4 * i, 4);
            double[] projected = [x[0] + x[1] + x[2] + x[3], x[0] - x[1] + x[2] - x[3]];
            for (var j = 0; j < 2; j++)
            {
                var m = (projected[j] / (s + noise)) + shift;
                var v = noise / (s + noise) * scale * scale;
                gradient[j] += (((s * m) - projected[j]) / noise) + m;
                gradient[2 + j] += v * ((s / (2 * noise)) + 0.5 - (0.5 / v));
            }
        }
        return gradient;
    }
}
