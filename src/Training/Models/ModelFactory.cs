using VaeCluster.Contracts.Architectures;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Parameters.Schedules;
using VaeCluster.Parameters.Vectors;
using static TorchSharp.torch;

namespace VaeCluster.Training.Models;

/// <summary>Builds the models that specs name.</summary>
public static class ModelFactory
{
    /// <summary>The model of a complete spec, for examples of the data's size. The caller disposes it.</summary>
    public static Autoencoder Create(RunSpec spec, DataDescription data)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(data);
        var model = Create(SpecKinds.ModelOf(spec), spec.Model, data.Shape);
        if (spec.Objective.SigmaMode == SigmaModeKind.Learned)
            model.LearnScale();
        if (spec.Objective.Collapse.Action == CollapseAction.LowerBeta)
        {
            model.RegisterBuffer(BetaReductions.MeanKlBuffer);
            model.RegisterBuffer(BetaReductions.CountBuffer);
        }
        return model;
    }

    /// <summary>How a model's tensors lie in the flat vector.</summary>
    public static ParameterLayout LayoutOf(Autoencoder model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var parameters = model.named_parameters().Select(named => (named.Item1, (IReadOnlyList<long>)named.Item2.shape, false));
        var buffers = RunningStatistics(model).Select(named => (named.Name, (IReadOnlyList<long>)named.Values.shape, true));
        return new ParameterLayout([.. parameters, .. buffers]);
    }

    /// <summary>
    /// The model's buffers that take part in the mathematics. The count of batches that each normalisation keeps does not: it is a whole number, no
    /// average of shards, and matters only to a momentum that is not given.
    /// </summary>
    internal static IEnumerable<(string Name, Tensor Values)> RunningStatistics(Autoencoder model) =>
        model.named_buffers().Where(named => named.Item2.is_floating_point()).Select(named => (named.Item1, named.Item2));

    /// <summary>The module of a kind, from its layers.</summary>
    private static Autoencoder Create(ModelKind kind, ModelSpec spec, ExampleShape shape)
    {
        var (graph, latent) = (kind.Describe(spec, shape), kind.CodeLength(spec, shape));
        if (graph.Outputs.Count > 1 != kind.HasPosterior)
            throw new InvalidOperationException(
                $"The model {kind.Name} {(kind.HasPosterior ? "has no" : "has an")} objective of its own, so its encoder must make "
                    + $"{(kind.HasPosterior ? "a mean and a log_variance" : "a code")}; it makes {string.Join(", ", graph.Outputs)}. Correct its "
                    + "Describe or its OwnObjective.");
        if (kind.HasPosterior)
            return new Vae(kind.Name, latent, graph) { Range = kind.Range };
        return graph.Encoder.OfType<QuantizationLayer>().Any()
            ? new VqVae(kind.Name, latent, graph) { Range = kind.Range, OwnObjective = kind.OwnObjective }
            : new Autoencoder(kind.Name, latent, graph) { Range = kind.Range, OwnObjective = kind.OwnObjective };
    }
}
