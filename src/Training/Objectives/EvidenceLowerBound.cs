using VaeCluster.Contracts.Specs;
using VaeCluster.Training.Models;
using static TorchSharp.torch;

namespace VaeCluster.Training.Objectives;

/// <summary>-E_q[log p(x|z)] + beta KL(q(z|x) || N(0, I)), with L draws of z (Kingma and Welling 2014; Higgins et al. 2017).</summary>
public sealed class EvidenceLowerBound : Objective
{
    private readonly Vae _model;
    private readonly Likelihood _likelihood;
    private readonly KlPenalty _penalty;
    private readonly GradientEstimator _estimator;
    private readonly CollapseGuard? _guard;

    /// <summary>The bound of a model.</summary>
    public EvidenceLowerBound(Vae model, Likelihood likelihood, ObjectiveSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        (_model, _likelihood, Samples) = (model, likelihood, spec.Samples);
        _guard = CollapseGuard.Of(spec.Collapse, model);
        _penalty = new KlPenalty(spec, _guard);
        _estimator = GradientEstimator.For(spec.Estimator);
    }

    /// <inheritdoc/>
    public override int Samples { get; }

    /// <inheritdoc/>
    public override LossTerms Train(Tensor x, Tensor noise, long step)
    {
        var posterior = Posterior.Of(_model, x, noise, Samples);
        _guard?.BeginStep(step);
        var terms = _estimator.Estimate(_model, _likelihood, posterior, _penalty, step);
        _guard?.EndStep(terms.Regularization, x.shape[0]);
        return terms;
    }

    /// <inheritdoc/>
    public override void SkipStep(long step) => _guard?.BeginStep(step);

    /// <inheritdoc/>
    public override LossTerms Evaluate(Tensor x, Tensor noise) => Evaluate(_model, _likelihood, x, noise);

    /// <summary>-ELBO of examples, with one draw each.</summary>
    internal static LossTerms Evaluate(Vae model, Likelihood likelihood, Tensor x, Tensor noise)
    {
        var posterior = Posterior.Of(model, x, noise, 1);
        var reconstruction = likelihood.NegativeLog(model.Decode(posterior.Draw()), x);
        var kl = Gaussian.KlToStandardNormal(posterior.Mean, posterior.LogVariance);
        return new(reconstruction.Plus(kl), reconstruction, kl);
    }
}
