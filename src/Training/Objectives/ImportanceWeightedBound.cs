using VaeCluster.Training.Models;
using static TorchSharp.torch;

namespace VaeCluster.Training.Objectives;

/// <summary>
/// -log 1/k sum_i w_i with w_i = p(x|z_i) p(z_i) / q(z_i|x), k draws of z (Burda, Grosse and Salakhutdinov 2016). The terms that are reported are those
/// of the ELBO of the same posterior, so that runs can be compared whatever they maximise; the bound itself is at least as tight.
/// </summary>
public sealed class ImportanceWeightedBound : Objective
{
    private readonly Vae _model;
    private readonly Likelihood _likelihood;

    /// <summary>The bound with a number of draws.</summary>
    public ImportanceWeightedBound(Vae model, Likelihood likelihood, int samples)
    {
        _model = model;
        _likelihood = likelihood;
        Samples = samples;
    }

    /// <inheritdoc/>
    public override int Samples { get; }

    /// <inheritdoc/>
    public override LossTerms Train(Tensor x, Tensor noise, long step)
    {
        var posterior = Posterior.Of(_model, x, noise, Samples);
        var z = posterior.Draw();
        var losses = _likelihood.NegativeLogOfEach(_model.Decode(z), posterior.X);
        var logWeights = (Gaussian.LogStandardNormal(z) - losses - posterior.LogDensity(z)).view(Samples, -1);
        var total = logWeights.logsumexp(0).neg().Plus(Math.Log(Samples)).sum();
        return new(total, losses.sum().Over(Samples), Gaussian.KlToStandardNormal(posterior.Mean, posterior.LogVariance));
    }

    /// <inheritdoc/>
    public override LossTerms Evaluate(Tensor x, Tensor noise) => EvidenceLowerBound.Evaluate(_model, _likelihood, x, noise);
}
