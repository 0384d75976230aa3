using VaeCluster.Contracts.Specs.Models;
using VaeCluster.Contracts.Specs.Objectives;
using VaeCluster.Contracts.Specs.Sources;

namespace VaeCluster.Contracts.Specs;

/// <summary>
/// What this process can name in a spec. Built-in kinds are registered here, one a line; extensions add theirs before the silo starts. The
/// registries belong to the process, as libtorch does: a name means the same for every run that it hosts.
/// </summary>
public static class SpecKinds
{
    /// <summary>What <c>model.kind</c> names.</summary>
    public static KindRegistry<ModelKind> Models { get; } = new(
        "model",
        "model.kind",
        new FullyConnectedModel("mlp"),
        new FullyConnectedModel("mlp-2d") { LatentDefault = 2 },
        new FullyConnectedModel("iwae-mlp") { HiddenDefault = [200, 200], LatentDefault = 50, ActivationDefault = Architectures.ActivationKind.Tanh },
        new Conv28Model(),
        new Conv64Model(),
        new FullyConnectedModel("ae") { OwnObjective = new ReconstructionObjective() },
        new VqModel());

    /// <summary>What <c>objective.bound</c> names.</summary>
    public static KindRegistry<ObjectiveKind> Objectives { get; } = new(
        "objective",
        "objective.bound",
        new ElboObjective(),
        new IwaeObjective());

    /// <summary>What <c>data.source</c> names.</summary>
    public static KindRegistry<DataSourceKind> Sources { get; } = new(
        "data source",
        "data.source",
        new ShapesSourceKind(),
        new IdxSourceKind(),
        new ImagesSourceKind(),
        new NpySourceKind());

    /// <summary>The kind of a spec's model.</summary>
    public static ModelKind ModelOf(RunSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return Models.Get(spec.Model.Kind);
    }

    /// <summary>The objective of a spec: the one that it names, or that of its model where the spec leaves it at its default.</summary>
    public static ObjectiveKind ObjectiveOf(RunSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return ObjectiveOf(spec.Objective, ModelOf(spec).OwnObjective);
    }

    /// <summary>The same, where the objective that the model has of itself is known.</summary>
    /// <param name="objective">The section of the spec.</param>
    /// <param name="own">The model's own objective; null where it has none.</param>
    public static ObjectiveKind ObjectiveOf(ObjectiveSpec objective, ObjectiveKind? own)
    {
        ArgumentNullException.ThrowIfNull(objective);
        return own is not null && objective.Bound == ElboObjective.NameInSpec ? own : Objectives.Get(objective.Bound);
    }

    /// <summary>The kind of a spec's data source.</summary>
    public static DataSourceKind SourceOf(DataSpec data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Sources.Get(data.Source);
    }
}
