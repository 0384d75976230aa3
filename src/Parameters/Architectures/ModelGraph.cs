using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;

namespace VaeCluster.Parameters.Architectures;

/// <summary>The layers of a model. The model is built from this, and so are its layout in the flat vector and every exported form.</summary>
/// <param name="Encoder">From examples [N, D], or whatever the first layer reshapes them to, in the model's pixel range.</param>
/// <param name="Outputs">What the encoder makes, side by side: <c>mean</c> and <c>log_variance</c>, or <c>code</c>.</param>
/// <param name="Decoder">From codes [N, latent] to examples [N, D]: logits, or means in the model's pixel range.</param>
internal sealed record ModelGraph(IReadOnlyList<Layer> Encoder, IReadOnlyList<string> Outputs, IReadOnlyList<Layer> Decoder)
{
    /// <summary>The outputs of a posterior.</summary>
    public static IReadOnlyList<string> Posterior { get; } = ["mean", "log_variance"];

    /// <summary>The output of an autoencoder.</summary>
    public static IReadOnlyList<string> Code { get; } = ["code"];

    /// <summary>The layers of the model that a complete spec names, for examples of the data's size.</summary>
    public static ModelGraph Of(ModelSpec spec, DataDescription data)
    {
        var latent = spec.Latent!.Value;
        return spec.Kind switch
        {
            ModelKind.Mlp or ModelKind.Mlp2d or ModelKind.IwaeMlp =>
                FullyConnectedGraph.Create(data.Dimensions, spec.Hidden!, latent, spec.Activation!.Value, Posterior),
            ModelKind.Conv28 => Conv28Graph.Create(latent),
            ModelKind.Conv64 => Conv64Graph.Create(latent),
            ModelKind.Ae => FullyConnectedGraph.Create(data.Dimensions, spec.Hidden!, latent, spec.Activation!.Value, Code),
            ModelKind.Vq => VqGraph.Create(data.Channels, data.Height, data.Width, spec.Hidden![0], spec.Codes, latent),
            _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Kind, "There is no such model."),
        };
    }
}
