namespace VaeCluster.Contracts.Architectures;

/// <summary>The layers of a model. The model is built from this, and so are its layout in the flat vector and every exported form.</summary>
/// <param name="Encoder">From examples [N, D], or whatever the first layer reshapes them to, in the model's pixel range.</param>
/// <param name="Outputs">What the encoder makes, side by side: <see cref="Posterior"/> or <see cref="Code"/>.</param>
/// <param name="Decoder">From codes [N, latent] to examples [N, D]: logits, or means in the model's pixel range.</param>
public sealed record ModelGraph(IReadOnlyList<Layer> Encoder, IReadOnlyList<string> Outputs, IReadOnlyList<Layer> Decoder)
{
    /// <summary>The outputs of a posterior: <c>mean</c> and <c>log_variance</c>.</summary>
    public static IReadOnlyList<string> Posterior { get; } = ["mean", "log_variance"];

    /// <summary>The output of an autoencoder: <c>code</c>.</summary>
    public static IReadOnlyList<string> Code { get; } = ["code"];

    /// <summary>The tensors of all layers, in the order of computation; parameters and buffers mixed.</summary>
    public IEnumerable<LayerTensor> Tensors => Encoder.Concat(Decoder).SelectMany(layer => layer.Tensors(""));

    /// <summary>
    /// Linear layers with a nonlinearity after each but the last: D - hidden... - what the encoder makes, and latent - ...hidden - D mirrored.
    /// </summary>
    /// <param name="dimensions">Values in one example, D.</param>
    /// <param name="hidden">Widths of the encoder's hidden layers.</param>
    /// <param name="latent">Values in a code.</param>
    /// <param name="activation">Nonlinearity after each hidden layer.</param>
    /// <param name="outputs">What the encoder makes, <paramref name="latent"/> values each.</param>
    public static ModelGraph FullyConnected(
        int dimensions,
        IReadOnlyList<int> hidden,
        int latent,
        ActivationKind activation,
        IReadOnlyList<string> outputs)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        ArgumentNullException.ThrowIfNull(outputs);
        return new(
            [new NamedLayer("encoder", Linear([dimensions, .. hidden, outputs.Count * latent], activation))],
            outputs,
            [new NamedLayer("decoder", Linear([latent, .. hidden.Reverse(), dimensions], activation))]);
    }

    private static StackLayer Linear(int[] widths, ActivationKind activation)
    {
        var layers = new List<Layer>();
        for (var i = 0; i + 1 < widths.Length; i++)
        {
            if (i > 0)
                layers.Add(new ActivationLayer(activation));
            layers.Add(new LinearLayer(widths[i], widths[i + 1]));
        }
        return new([.. layers]);
    }
}
