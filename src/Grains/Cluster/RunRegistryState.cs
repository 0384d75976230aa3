using VaeCluster.Contracts.Runs;

namespace VaeCluster.Grains.Cluster;

/// <summary>What the registry of runs keeps on disk.</summary>
[GenerateSerializer, Alias("vaecluster.RunRegistryState")]
public sealed class RunRegistryState
{
    /// <summary>The number that the next run's id ends with.</summary>
    [Id(0)] public long NextNumber { get; set; } = 1;

    /// <summary>Every run, oldest first.</summary>
    [Id(1)] public List<RegisteredRun> Runs { get; set; } = [];
}

/// <summary>A run in the registry.</summary>
[GenerateSerializer, Alias("vaecluster.RegisteredRun")]
public sealed class RegisteredRun
{
    /// <summary>Its id.</summary>
    [Id(0)] public string RunId { get; set; } = "";

    /// <summary>The final phase that it reached; null while it has not.</summary>
    [Id(1)] public RunPhase? Ended { get; set; }
}
