namespace VaeCluster.Training.Models;

/// <summary>The layers of a model. The model is built from this, and so is everything that other runtimes are told of it.</summary>
/// <param name="Encoder">From examples [N, D], or whatever the first layer reshapes them to, in the model's pixel range.</param>
/// <param name="Outputs">What the encoder makes, side by side: <c>mean</c> and <c>log_variance</c>, or <c>code</c>.</param>
/// <param name="Decoder">From codes [N, latent] to examples [N, D]: logits, or means in the model's pixel range.</param>
internal sealed record ModelGraph(IReadOnlyList<Layer> Encoder, IReadOnlyList<string> Outputs, IReadOnlyList<Layer> Decoder)
{
    /// <summary>The outputs of a posterior.</summary>
    public static IReadOnlyList<string> Posterior { get; } = ["mean", "log_variance"];

    /// <summary>The output of an autoencoder.</summary>
    public static IReadOnlyList<string> Code { get; } = ["code"];
}
