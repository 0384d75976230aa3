using VaeCluster.Contracts.Specs;
using VaeCluster.Training.Models;
using static TorchSharp.torch;

namespace VaeCluster.Training.Objectives;

/// <summary>
/// What a model is trained to minimise. A value is a function of the weights, the examples, the noise and the step, and of nothing else, so that a
/// gradient is the same whoever computes it.
/// </summary>
public abstract class Objective
{
    /// <summary>The objective that a spec sets a model.</summary>
    public static Objective For(ObjectiveSpec spec, Autoencoder model)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(model);
        return ObjectiveFactories.Create(SpecKinds.ObjectiveOf(spec, model.OwnObjective), spec, model, Likelihood.For(spec, model.LogScale));
    }

    /// <summary>Draws of noise that training takes for each example.</summary>
    public virtual int Samples => 1;

    /// <summary>What training minimises, and the terms that are reported of it.</summary>
    /// <param name="x">Examples, shape [B, D], in the model's range.</param>
    /// <param name="noise">Draws from N(0, I), shape [samples * B, latent]: a first one for every example, then a second for every example.</param>
    /// <param name="step">The step of the optimizer, which is one a batch, counted from 0.</param>
    public abstract LossTerms Train(Tensor x, Tensor noise, long step);

    /// <summary>
    /// A local step in which the shard has no examples. Registered buffers that follow the count of steps are moved here as in <see cref="Train"/>.
    /// </summary>
    /// <param name="step">The step of the optimizer, counted from 0.</param>
    public virtual void SkipStep(long step)
    {
    }

    /// <summary>The terms for examples that evaluate the model, with one draw each; the total is their sum, so -ELBO where there is one.</summary>
    /// <param name="x">Examples, shape [B, D], in the model's range.</param>
    /// <param name="noise">Draws from N(0, I), shape [B, latent].</param>
    public abstract LossTerms Evaluate(Tensor x, Tensor noise);
}
