using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Training.Parameters;

namespace VaeCluster.Training.Models;

/// <summary>Builds the models that specs name.</summary>
public static class ModelFactory
{
    /// <summary>The model of a complete spec, for examples of the data's size. The caller disposes it.</summary>
    public static Vae Create(ModelSpec spec, DataDescription data)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(data);
        return spec.Kind switch
        {
            ModelKind.Mlp or ModelKind.Mlp2d or ModelKind.IwaeMlp =>
                new MlpVae(data.Dimensions, spec.Hidden!, spec.Latent!.Value, spec.Activation!.Value),
            _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Kind, "There is no such model."),
        };
    }

    /// <summary>How a model's tensors lie in the flat vector.</summary>
    public static ParameterLayout LayoutOf(Vae model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var parameters = model.named_parameters().Select(named => (named.Item1, (IReadOnlyList<long>)named.Item2.shape, false));
        var buffers = model.named_buffers().Select(named => (named.Item1, (IReadOnlyList<long>)named.Item2.shape, true));
        return new ParameterLayout([.. parameters, .. buffers]);
    }

    /// <summary>The same, of a model that is built for the purpose and thrown away.</summary>
    public static ParameterLayout LayoutOf(ModelSpec spec, DataDescription data)
    {
        using var model = Create(spec, data);
        return LayoutOf(model);
    }
}
