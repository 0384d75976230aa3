namespace VaeCluster.Client.Reproductions;

/// <summary>A figure that somebody else has found, with everything that is needed to find it again.</summary>
/// <param name="Name">As it is asked for.</param>
/// <param name="Title">What it is, and who found it.</param>
/// <param name="Schedule">How it trains, for people.</param>
/// <param name="Settings">The same as settings of the spec; what is not among them is the spec's default.</param>
internal sealed record Reproduction(string Name, string Title, string Schedule, IReadOnlyList<string> Settings)
{
    /// <summary>The range that the figure must lie in, in nats per example.</summary>
    public required (double Low, double High) Expected { get; init; }

    /// <summary>Where the range comes from.</summary>
    public required string Why { get; init; }

    /// <summary>Importance samples of the likelihood that is held against the range; 0 for the test ELBO.</summary>
    public int Samples { get; init; }

    /// <summary>Whether it needs all seventy thousand digits; the test file's ten thousand otherwise.</summary>
    public bool NeedsFullSet { get; init; }

    /// <summary>What is judged, as it is printed.</summary>
    public string Figure => Samples == 0 ? "test -ELBO" : $"-log p(x) with {Samples} importance samples";
}
