using VaeCluster.Contracts.Architectures;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Parameters.Schedules;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Parameters.Architectures;

/// <summary>
/// How the tensors of a spec's model lie in the flat vector, from the description of its layers alone. The names, shapes and order are those of the module that
/// is trained: a test compares them for every kind of model.
/// </summary>
public static class ModelLayout
{
    /// <summary>Name of the parameter that is the logarithm of a learned sigma over the spec's.</summary>
    public const string LogScaleName = "log_scale";

    /// <summary>The layout of a complete spec's model, for examples of the data's size.</summary>
    public static ParameterLayout Of(RunSpec spec, DataDescription data)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(data);
        var graph = SpecKinds.ModelOf(spec).Describe(spec.Model, data.Shape);
        LayerTensor[] tensors = [.. Own(spec.Objective), .. graph.Tensors];
        // The vector has all parameters first; within each kind the order is the module's. The state of local steps is not the module's and comes last.
        LayerTensor[] ordered = [.. tensors.OrderBy(tensor => tensor.IsBuffer)];
        return new ParameterLayout(ordered.Concat(InnerState.Of(spec, ordered)).Select(tensor => (tensor.Name, tensor.Shape, tensor.IsBuffer)));
    }

    /// <summary>What the objective adds to the model itself.</summary>
    private static IEnumerable<LayerTensor> Own(ObjectiveSpec objective)
    {
        if (objective.SigmaMode == SigmaModeKind.Learned)
            yield return new(LogScaleName, [1]);
        if (objective.Collapse.Action == CollapseAction.LowerBeta)
        {
            yield return new(BetaReductions.MeanKlBuffer, [1], IsBuffer: true);
            yield return new(BetaReductions.CountBuffer, [1], IsBuffer: true);
        }
    }
}
