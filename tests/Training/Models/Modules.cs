using VaeCluster.Contracts.Architectures;
using VaeCluster.Contracts.Specs;
using VaeCluster.Training.Models;

namespace VaeCluster.Tests.Training.Models;

/// <summary>Modules of some sizes, without a spec's rules.</summary>
internal static class Modules
{
    public static Vae Mlp(int dimensions, IReadOnlyList<int> hidden, int latent, ActivationKind activation) =>
        new("mlp", latent, ModelGraph.FullyConnected(dimensions, hidden, latent, activation, ModelGraph.Posterior));

    public static VqVae Vq(int channels, int height, int width, int hidden, int codes, int codeLength)
    {
        var (kind, shape) = (SpecKinds.Models.Get("vq"), new ExampleShape(channels, height, width));
        var spec = new ModelSpec { Kind = "vq", Hidden = [hidden], Latent = codeLength, Codes = codes };
        return new("vq", kind.CodeLength(spec, shape), kind.Describe(spec, shape));
    }
}
