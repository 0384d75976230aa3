using VaeCluster.Training.Models;

namespace VaeCluster.Training.Objectives;

/// <summary>
/// The path derivative (Roeder, Wu and Duvenaud 2017): the KL is drawn, as log q(z|x) - log p(z), and its gradient goes through z alone. What is left
/// out has mean zero; where q is the true posterior, the estimate does not scatter at all.
/// </summary>
public sealed class StickingTheLanding : GradientEstimator
{
    /// <inheritdoc/>
    public override LossTerms Estimate(Vae model, Likelihood likelihood, Posterior posterior, KlPenalty penalty, long step)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(likelihood);
        ArgumentNullException.ThrowIfNull(posterior);
        ArgumentNullException.ThrowIfNull(penalty);
        var z = posterior.Draw();
        var reconstruction = likelihood.NegativeLog(model.Decode(z), posterior.X).Over(posterior.Samples);
        var drawnKl = (posterior.HeldLogDensity(z) - Gaussian.LogStandardNormal(z)).sum().Over(posterior.Samples);
        var kl = Gaussian.KlToStandardNormal(posterior.Mean, posterior.LogVariance);
        return new(reconstruction.Plus(drawnKl.Times(penalty.Weight(step))), reconstruction, kl);
    }
}
