using VaeCluster.Contracts.Specs;

namespace VaeCluster.Parameters.Architectures;

/// <summary>An encoder and a decoder of linear layers, with a nonlinearity after each but the last.</summary>
internal static class FullyConnectedGraph
{
    /// <summary>D - hidden... - what the encoder makes, and latent - ...hidden - D mirrored.</summary>
    /// <param name="dimensions">Values in one example, D.</param>
    /// <param name="hidden">Widths of the encoder's hidden layers.</param>
    /// <param name="latent">Values in a code.</param>
    /// <param name="activation">Nonlinearity after each hidden layer.</param>
    /// <param name="outputs">What the encoder makes, <paramref name="latent"/> values each.</param>
    public static ModelGraph Create(int dimensions, IReadOnlyList<int> hidden, int latent, ActivationKind activation, IReadOnlyList<string> outputs) =>
        new(
            [new NamedLayer("encoder", Stack([dimensions, .. hidden, outputs.Count * latent], activation))],
            outputs,
            [new NamedLayer("decoder", Stack([latent, .. hidden.Reverse(), dimensions], activation))]);

    private static StackLayer Stack(int[] widths, ActivationKind activation)
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
