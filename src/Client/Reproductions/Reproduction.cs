namespace VaeCluster.Client.Reproductions;

/// <summary>A figure that somebody else has found, with everything that is needed to find it again.</summary>
/// <param name="Name">As it is asked for.</param>
/// <param name="Title">What it is, and who found it.</param>
/// <param name="Schedule">How it trains, for people.</param>
/// <param name="Settings">The same as settings of the spec; what is not among them is the spec's default.</param>
internal sealed record Reproduction(string Name, string Title, string Schedule, IReadOnlyList<string> Settings)
{
    /// <summary>What must come out.</summary>
    public required IReadOnlyList<Expectation> Expected { get; init; }

    /// <summary>Where the ranges come from.</summary>
    public required string Why { get; init; }

    /// <summary>Importance samples of the likelihood, where one is expected.</summary>
    public int Samples { get; init; }

    /// <summary>Whether it needs all seventy thousand digits; the test file's ten thousand otherwise.</summary>
    public bool NeedsFullSet { get; init; }

    /// <summary>What a figure is called, as it is printed.</summary>
    public string NameOf(Figure figure) => figure switch
    {
        Figure.NegativeElbo => "test -ELBO",
        Figure.NegativeLogLikelihood => $"-log p(x) with {Samples} importance samples",
        Figure.SquaredError => "test squared error",
        Figure.Kl => "test KL",
        _ => throw new ArgumentOutOfRangeException(nameof(figure), figure, "There is no such figure."),
    };
}
