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
        var graph = ModelGraph.Of(spec.Model, data);
        List<Tensor> tensors = [.. Own(spec.Objective), .. graph.Encoder.Concat(graph.Decoder).SelectMany(layer => Of("", layer))];
        // The vector has all parameters first; within each kind the order is the module's.
        return new ParameterLayout(tensors.OrderBy(tensor => tensor.IsBuffer).Select(tensor => (tensor.Name, tensor.Shape, tensor.IsBuffer)));
    }

    /// <summary>What the objective adds to the model itself.</summary>
    private static IEnumerable<Tensor> Own(ObjectiveSpec objective)
    {
        if (objective.SigmaMode == SigmaModeKind.Learned)
            yield return new(LogScaleName, [1]);
        if (objective.Collapse.Action == CollapseAction.LowerBeta)
        {
            yield return new(BetaReductions.MeanKlBuffer, [1], IsBuffer: true);
            yield return new(BetaReductions.CountBuffer, [1], IsBuffer: true);
        }
    }

    /// <summary>The tensors of a layer, weight before bias, as PyTorch has them.</summary>
    private static IEnumerable<Tensor> Of(string name, Layer layer) => layer switch
    {
        NamedLayer named => Of(named.Name, named.Inner),
        ResidualLayer residual => Of(name, residual.Inner),
        StackLayer stack => stack.Children.SelectMany((child, index) => Of($"{name}.{index}", child)),
        LinearLayer l => [new($"{name}.weight", [l.To, l.From]), new($"{name}.bias", [l.To])],
        ConvolutionLayer c => [new($"{name}.weight", [c.To, c.From, c.Kernel, c.Kernel]), new($"{name}.bias", [c.To])],
        TransposedConvolutionLayer c => [new($"{name}.weight", [c.From, c.To, c.Kernel, c.Kernel]), new($"{name}.bias", [c.To])],
        QuantizationLayer q => [new($"{q.Name}.weight", [q.Codes, q.Length])],
        NormalizationLayer n =>
        [
            new($"{name}.weight", [n.Channels]), new($"{name}.bias", [n.Channels]),
            new($"{name}.running_mean", [n.Channels], IsBuffer: true), new($"{name}.running_var", [n.Channels], IsBuffer: true),
        ],
        _ => [],
    };

    private sealed record Tensor(string Name, IReadOnlyList<long> Shape, bool IsBuffer = false);
}
