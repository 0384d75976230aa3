using VaeCluster.Contracts.Runs;

namespace VaeCluster.Grains.Cluster;

/// <summary>What the cluster's book keeps on disk.</summary>
[GenerateSerializer, Alias("vaecluster.ClusterBookState")]
public sealed class ClusterBookState
{
    /// <summary>The number that the next run's id ends with.</summary>
    [Id(0)] public long NextNumber { get; set; } = 1;

    /// <summary>Every run, oldest first.</summary>
    [Id(1)] public List<BookedRun> Runs { get; set; } = [];
}

/// <summary>A run in the book.</summary>
[GenerateSerializer, Alias("vaecluster.BookedRun")]
public sealed class BookedRun
{
    /// <summary>Its id.</summary>
    [Id(0)] public string RunId { get; set; } = "";

    /// <summary>The final phase that it reached; null while it has not.</summary>
    [Id(1)] public RunPhase? Ended { get; set; }
}
