using VaeCluster.Contracts.Specs;
using VaeCluster.Training.Models;
using static TorchSharp.torch;

namespace VaeCluster.Training.Objectives;

/// <summary>
/// Gaussian values of one standard deviation: (x - m)^2 / (2 sigma^2) + log sigma + 1/2 log(2 pi). A learned one is a multiple of the given one.
/// </summary>
public sealed class GaussianLikelihood : Likelihood
{
    private readonly double _sigma;
    private readonly MeanKind _mean;
    private readonly Tensor? _logScale;

    /// <summary>With a standard deviation, above 0.</summary>
    /// <param name="sigma">The deviation, in units of the model's pixels.</param>
    /// <param name="mean">How the mean m comes of the decoder's output.</param>
    /// <param name="logScale">What the deviation is multiplied by, as a logarithm, shape [1]; null for 1.</param>
    public GaussianLikelihood(double sigma, MeanKind mean = MeanKind.Identity, Tensor? logScale = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sigma);
        _sigma = sigma;
        _mean = mean;
        _logScale = logScale;
    }

    /// <inheritdoc/>
    public override Tensor NegativeLog(Tensor output, Tensor x) =>
        Density((x - Mean(output)).Squared().sum(), x.numel());

    /// <inheritdoc/>
    public override Tensor NegativeLogOfEach(Tensor output, Tensor x) =>
        Density((x - Mean(output)).Squared().sum(dim: 1), x.shape[1]);

    /// <inheritdoc/>
    public override Tensor Mean(Tensor output) => _mean == MeanKind.Sigmoid ? output.sigmoid() : output;

    /// <summary>-log p of a number of values together, from the sum of their squared errors.</summary>
    private Tensor Density(Tensor squaredError, long values)
    {
        var constant = values * (Math.Log(_sigma) + (0.5 * Math.Log(2 * Math.PI)));
        var relative = squaredError.Over(2 * _sigma * _sigma);
        // Scalars of shape [1] would widen a sum over the batch, so the scale is made one of no dimensions.
        if (_logScale is not null)
            relative = (relative * exp(_logScale.sum().Times(-2))).Plus(_logScale.sum().Times(values));
        return relative.Plus(constant);
    }
}
