using VaeCluster.Training.Models;
using static TorchSharp.torch;

namespace VaeCluster.Training.Objectives;

/// <summary>-log p(x|code) alone, which is all that a plain autoencoder is asked for. There is no second term.</summary>
public sealed class ReconstructionError : Objective
{
    private readonly Autoencoder _model;
    private readonly Likelihood _likelihood;

    /// <summary>The error of a model.</summary>
    public ReconstructionError(Autoencoder model, Likelihood likelihood)
    {
        _model = model;
        _likelihood = likelihood;
    }

    /// <inheritdoc/>
    public override LossTerms Train(Tensor x, Tensor noise, long step)
    {
        var reconstruction = _likelihood.NegativeLog(_model.forward(x), x);
        return new(reconstruction, reconstruction, zeros_like(reconstruction));
    }

    /// <inheritdoc/>
    public override LossTerms Evaluate(Tensor x, Tensor noise) => Train(x, noise, 0);
}
