using VaeCluster.Training.Models;

namespace VaeCluster.Training.Objectives;

/// <summary>The gradient goes through z = mean + deviation * noise, and the KL is in closed form (Kingma and Welling 2014).</summary>
public sealed class Reparameterization : GradientEstimator
{
    /// <inheritdoc/>
    public override LossTerms Estimate(Vae model, Likelihood likelihood, Posterior posterior, KlPenalty penalty, long step)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(likelihood);
        ArgumentNullException.ThrowIfNull(posterior);
        ArgumentNullException.ThrowIfNull(penalty);
        var summed = likelihood.NegativeLog(model.Decode(posterior.Draw()), posterior.X);
        var reconstruction = posterior.Samples == 1 ? summed : summed.Over(posterior.Samples);
        var kl = Gaussian.KlToStandardNormal(posterior.Mean, posterior.LogVariance);
        return new(reconstruction.Plus(penalty.Of(posterior, kl, step)), reconstruction, kl);
    }
}
