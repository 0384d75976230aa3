using VaeCluster.Contracts.Runs;

namespace VaeCluster.Grains.Runs;

/// <summary>What a run keeps on disk: enough to describe it, and to begin again.</summary>
[GenerateSerializer, Alias("vaecluster.RunState")]
public sealed class RunState
{
    /// <summary>The spec and the data; null before the run is submitted.</summary>
    [Id(0)] public RunPlan? Plan { get; set; }

    /// <summary>Where the run is in its life.</summary>
    [Id(1)] public RunPhase Phase { get; set; }

    /// <summary>Why, the newest last.</summary>
    [Id(2)] public List<RunCondition> Conditions { get; set; } = [];

    /// <summary>How far it is; written now and then, so after a crash it may lag.</summary>
    [Id(3)] public RunProgress Progress { get; set; } = new();

    /// <summary>What it ended with.</summary>
    [Id(4)] public RunResults? Results { get; set; }

    /// <summary>Trainable parameters.</summary>
    [Id(5)] public long ParameterCount { get; set; }

    /// <summary>Rises whenever the shards are reassigned.</summary>
    [Id(6)] public long AssignmentVersion { get; set; }

    /// <summary>When it was accepted.</summary>
    [Id(7)] public DateTimeOffset SubmittedAt { get; set; }

    /// <summary>When it first got devices.</summary>
    [Id(8)] public DateTimeOffset? StartedAt { get; set; }

    /// <summary>The silo whose standby follows the parameter server; empty when none does.</summary>
    [Id(10)] public string StandbySilo { get; set; } = "";

    /// <summary>When it reached a final phase.</summary>
    [Id(9)] public DateTimeOffset? EndedAt { get; set; }
}
