using VaeCluster.Training.Models;
using static TorchSharp.torch;

namespace VaeCluster.Training.Objectives;

/// <summary>
/// REINFORCE (Williams 1992): E_q[(f(z) - b) grad log q(z|x)], with f = -log p(x|z). The baseline b is the mean of f over the other draws of the
/// same example, or with one draw over the other examples of the shard: it does not depend on the draw that it is subtracted from, so
/// the mean stays right (Kool et al. 2019). A running mean would serve as well, but a gradient would then depend on what came before.
/// </summary>
public sealed class ScoreFunction : GradientEstimator
{
    /// <inheritdoc/>
    public override LossTerms Estimate(Vae model, Likelihood likelihood, Posterior posterior, KlPenalty penalty, long step)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(likelihood);
        ArgumentNullException.ThrowIfNull(posterior);
        ArgumentNullException.ThrowIfNull(penalty);
        var z = posterior.Draw().detach();
        var losses = likelihood.NegativeLogOfEach(model.Decode(z), posterior.X);
        var signal = losses.detach();
        var surrogate = losses.Plus((signal - Baseline(signal, posterior.Samples)) * posterior.LogDensity(z));
        var reconstruction = losses.sum().Over(posterior.Samples);
        var kl = Gaussian.KlToStandardNormal(posterior.Mean, posterior.LogVariance);
        return new(surrogate.sum().Over(posterior.Samples).Plus(penalty.Of(posterior, kl, step)), reconstruction, kl);
    }

    /// <summary>For each draw the mean of the others: of its example, or where it is its example's only one, of the batch. Shape as given.</summary>
    private static Tensor Baseline(Tensor signal, int samples)
    {
        var examples = signal.shape[0] / samples;
        var groups = samples > 1 ? signal.view(samples, examples) : signal.view(-1, 1);
        var others = groups.shape[0] - 1;
        // A single draw of a single example has no others.
        return others == 0 ? zeros_like(signal) : (groups.sum(dim: 0, keepdim: true) - groups).Over(others).view(-1);
    }
}
