using VaeCluster.Contracts.Architectures;
using VaeCluster.Contracts.Specs;

namespace VaeCluster.Parameters.Architectures;

/// <summary>
/// The state of the inner optimizer, where shards make local steps and the spec has the mean of their states published. It lies behind the model's tensors in
/// the flat vector, and is averaged over the examples, written to checkpoints and followed by the standby as running statistics are.
/// </summary>
public static class InnerState
{
    /// <summary>What the names of its tensors begin with.</summary>
    public const string Prefix = "inner.";

    /// <summary>Whether the inner state of a spec is published.</summary>
    public static bool IsPublished(RunSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Training.LocalSteps > 1 && spec.Optimizer.Outer.InnerState == InnerStateKind.Average;
    }

    /// <summary>The vectors of state that an optimizer keeps for each parameter; a test compares them with the update rules.</summary>
    public static IReadOnlyList<string> NamesOf(OptimizerKind kind) => kind == OptimizerKind.Sgd ? ["momentum_buffer"] : ["exp_avg", "exp_avg_sq"];

    /// <summary>Its tensors: one kind of state after the other, each in the order of the parameters.</summary>
    internal static IEnumerable<LayerTensor> Of(RunSpec spec, LayerTensor[] tensors) => IsPublished(spec)
        ? from name in NamesOf(spec.Optimizer.Kind)
          from parameter in tensors
          where !parameter.IsBuffer
          select new LayerTensor($"{Prefix}{parameter.Name}.{name}", parameter.Shape, IsBuffer: true)
        : [];
}
