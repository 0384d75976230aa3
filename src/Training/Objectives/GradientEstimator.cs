using VaeCluster.Contracts.Specs;
using VaeCluster.Training.Models;

namespace VaeCluster.Training.Objectives;

/// <summary>
/// A way to estimate the gradient of E_q[-log p(x|z)] + beta KL(q || p), where q itself is what is being changed. All of them have the same mean;
/// they differ in how much a single estimate scatters about it.
/// </summary>
public abstract class GradientEstimator
{
    /// <summary>The estimator of a name.</summary>
    public static GradientEstimator For(EstimatorKind kind) => kind switch
    {
        EstimatorKind.Reparameterization => new Reparameterization(),
        EstimatorKind.ScoreFunction => new ScoreFunction(),
        EstimatorKind.StickingTheLanding => new StickingTheLanding(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such estimator."),
    };

    /// <summary>A total whose gradient is the estimate, and the terms as they are.</summary>
    /// <param name="model">Decodes the draws.</param>
    /// <param name="likelihood">p(x|z).</param>
    /// <param name="posterior">q(z|x), with its noise.</param>
    /// <param name="penalty">What the KL costs.</param>
    /// <param name="step">The step, counted from 0.</param>
    public abstract LossTerms Estimate(Vae model, Likelihood likelihood, Posterior posterior, KlPenalty penalty, long step);
}
