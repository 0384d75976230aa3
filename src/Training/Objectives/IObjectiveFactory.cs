using VaeCluster.Contracts.Specs;
using VaeCluster.Training.Models;

namespace VaeCluster.Training.Objectives;

/// <summary>Makes the objective of a model. A kind of objective of an extension implements this beside <see cref="ObjectiveKind"/>.</summary>
public interface IObjectiveFactory
{
    /// <summary>The objective of a model, on the device's own thread.</summary>
    /// <param name="spec">A complete spec's section.</param>
    /// <param name="model">The model: a <see cref="Vae"/> where the kind needs a posterior.</param>
    /// <param name="likelihood">p(x|z).</param>
    Objective Create(ObjectiveSpec spec, Autoencoder model, Likelihood likelihood);
}
