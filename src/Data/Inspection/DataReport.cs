namespace VaeCluster.Data.Inspection;

/// <summary>What lies in a place, for people who are about to train on it.</summary>
public sealed record DataReport
{
    /// <summary>The name of the source that reads it: idx, images or npy.</summary>
    public required string Source { get; init; }

    /// <summary>Where it is.</summary>
    public required string Path { get; init; }

    /// <summary>Examples that can be used.</summary>
    public required int Examples { get; init; }

    /// <summary>Their shape or shapes, e.g. <c>1x28x28</c>: channels, height, width.</summary>
    public required string Shape { get; init; }

    /// <summary>The least value that a trainer sees, in [0, 1].</summary>
    public required double Minimum { get; init; }

    /// <summary>The greatest.</summary>
    public required double Maximum { get; init; }

    /// <summary>Their mean.</summary>
    public required double Mean { get; init; }

    /// <summary>SHA-256 of the pixels, which a run's description has too; empty for images, whose pixels depend on the size asked for.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>How many examples each class has, by its name; empty without labels.</summary>
    public IReadOnlyDictionary<string, int> Labels { get; init; } = new Dictionary<string, int>();

    /// <summary>How many values each true factor takes, by its name; empty when they are not known.</summary>
    public IReadOnlyDictionary<string, int> Factors { get; init; } = new Dictionary<string, int>();

    /// <summary>How many files cannot be used.</summary>
    public int BadFiles { get; init; }

    /// <summary>The first hundred of them, each with what is wrong with it.</summary>
    public IReadOnlyList<string> BadNames { get; init; } = [];
}
