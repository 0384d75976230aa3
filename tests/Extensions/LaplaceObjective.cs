using System.Globalization;
using TorchSharp;
using VaeCluster.Contracts.Specs;
using VaeCluster.Training.Models;
using VaeCluster.Training.Objectives;

namespace VaeCluster.Extensions.Sample;

/// <summary>
/// The ELBO under a Laplace likelihood, whose reconstruction term is an absolute error: |x - mean| / b + log 2b for each pixel, with b in
/// <c>objective.sigma</c> and the logistic function of the decoder's output as the mean. It tolerates outliers better than a squared error.
/// </summary>
public sealed class LaplaceObjective : ObjectiveKind, IObjectiveFactory
{
    /// <inheritdoc/>
    public override string Name => "laplace";

    /// <inheritdoc/>
    public override string Formula(RunSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return string.Create(CultureInfo.InvariantCulture, $"E_q[|x - mean|] / {spec.Objective.Sigma:G6} + KL");
    }

    /// <inheritdoc/>
    public override IEnumerable<SpecError> Check(RunSpec spec)
    {
        if (spec.Objective.Samples != 1)
            yield return new(
                "objective.samples",
                $"objective.samples is {spec.Objective.Samples}, but laplace draws one z for each example.",
                "Leave objective.samples out.");
    }

    /// <inheritdoc/>
    public Objective Create(ObjectiveSpec spec, Autoencoder model, Likelihood likelihood)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return new LaplaceBound((Vae)model, spec.Sigma);
    }

    /// <summary>What is computed: sums over the batch, in nats. Nothing but the weights, x, the noise and the step may enter.</summary>
    private sealed class LaplaceBound(Vae model, double scale) : Objective
    {
        public override LossTerms Train(torch.Tensor x, torch.Tensor noise, long step)
        {
            var posterior = Posterior.Of(model, x, noise, samples: 1);
            var error = (model.Decode(posterior.Draw()).sigmoid() - x).abs().sum();
            var reconstruction = error.Over(scale).Plus(x.numel() * Math.Log(2 * scale));
            var kl = Gaussian.KlToStandardNormal(posterior.Mean, posterior.LogVariance);
            return new(reconstruction.Plus(kl), reconstruction, kl);
        }

        public override LossTerms Evaluate(torch.Tensor x, torch.Tensor noise) => Train(x, noise, 0);
    }
}
