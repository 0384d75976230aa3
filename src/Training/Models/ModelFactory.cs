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
        var model = Create(spec.Model, data);
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

    private static Autoencoder Create(ModelSpec spec, DataDescription data)
    {
        var latent = spec.Latent!.Value;
        return spec.Kind switch
        {
            ModelKind.Mlp or ModelKind.Mlp2d or ModelKind.IwaeMlp => new MlpVae(data.Dimensions, spec.Hidden!, latent, spec.Activation!.Value),
            ModelKind.Conv28 => new Conv28Vae(latent),
            ModelKind.Conv64 => new Conv64Vae(latent),
            ModelKind.Ae => new MlpAutoencoder(data.Dimensions, spec.Hidden!, latent, spec.Activation!.Value),
            ModelKind.Vq => new VqVae(data.Channels, data.Height, data.Width, spec.Hidden![0], spec.Codes, latent),
            _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Kind, "There is no such model."),
        };
    }
}
