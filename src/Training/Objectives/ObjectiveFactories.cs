using VaeCluster.Contracts.Specs;
using VaeCluster.Training.Models;

namespace VaeCluster.Training.Objectives;

/// <summary>What makes the objective of each kind.</summary>
internal static class ObjectiveFactories
{
    /// <summary>The built-in kinds, by their names.</summary>
    private static readonly Dictionary<string, Func<ObjectiveSpec, Autoencoder, Likelihood, Objective>> BuiltIn = new(StringComparer.Ordinal)
    {
        ["elbo"] = (spec, model, likelihood) => new EvidenceLowerBound((Vae)model, likelihood, spec),
        ["iwae"] = (spec, model, likelihood) => new ImportanceWeightedBound((Vae)model, likelihood, spec.Samples),
        ["reconstruction"] = (_, model, likelihood) => new ReconstructionError(model, likelihood),
        ["vector-quantization"] = (spec, model, likelihood) => new VectorQuantization((VqVae)model, likelihood, spec.Commitment),
    };

    public static Objective Create(ObjectiveKind kind, ObjectiveSpec spec, Autoencoder model, Likelihood likelihood) =>
        kind is IObjectiveFactory factory ? factory.Create(spec, model, likelihood) : BuiltIn[kind.Name](spec, model, likelihood);
}
