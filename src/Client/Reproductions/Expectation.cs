using System.Globalization;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Reproductions;

/// <summary>What a run is compared with.</summary>
internal enum Figure
{
    /// <summary>The negative ELBO of the held-out examples.</summary>
    NegativeElbo,

    /// <summary>The importance-sampled -log p(x) of the held-out examples.</summary>
    NegativeLogLikelihood,

    /// <summary>The summed squared error of the held-out examples' reconstructions, of a Gaussian with sigma^2 = 1/2.</summary>
    SquaredError,

    /// <summary>The KL of the held-out examples.</summary>
    Kl,
}

/// <summary>A figure, and the range that it must lie in.</summary>
/// <param name="Figure">Which.</param>
/// <param name="Low">The least, in nats per example; of a squared error in its own unit, which is the same number.</param>
/// <param name="High">The most.</param>
internal sealed record Expectation(Figure Figure, double Low, double High)
{
    /// <summary>Pixels of a digit.</summary>
    private const int Dimensions = 28 * 28;

    /// <summary>Whether the figure came out.</summary>
    public bool Holds(double found) => found >= Low && found <= High;

    /// <summary>The figure of a run that has ended.</summary>
    /// <param name="results">What the run ended with.</param>
    /// <param name="negativeLogLikelihood">What an evaluation of it came to, where there was one.</param>
    public double Of(Results results, double negativeLogLikelihood) => Figure switch
    {
        Figure.NegativeElbo => -results.TestElboNats,
        Figure.NegativeLogLikelihood => negativeLogLikelihood,
        // -log p(x|z) is the squared error / (2 sigma^2) and D / 2 log(2 pi sigma^2).
        Figure.SquaredError => results.TestReconstructionNats - (Dimensions * 0.5 * Math.Log(Math.PI)),
        Figure.Kl => results.TestKlNats,
        _ => throw new ArgumentOutOfRangeException(nameof(results), Figure, "There is no such figure."),
    };

    /// <summary>Two decimals and the unit.</summary>
    public string Write(double value) => Figure == Figure.SquaredError ? Number(value) : $"{Number(value)} nats";

    /// <summary>The range, as it is printed.</summary>
    public string Range => $"{Number(Low)} to {Write(High)}";

    private static string Number(double value) => value.ToString("F2", CultureInfo.InvariantCulture);
}
