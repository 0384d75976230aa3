using System.Collections.Immutable;
using Orleans.Concurrency;
using VaeCluster.Contracts.Trainers;

namespace VaeCluster.Contracts.Evaluations;

/// <summary>
/// Evaluates the models of one run, one at a time; the key is the run's id. It borrows free devices from the cluster, as a run does, and gives them back.
/// What it found is in the run's artifacts; nothing else survives the loss of its silo, and whoever asked asks again.
/// </summary>
[Alias("vaecluster.IEvaluationGrain")]
public interface IEvaluationGrain : IGrainWithStringKey
{
    /// <summary>
    /// Begins; asking twice for the same while it goes on is harmless. While another evaluation of the run goes on the answer is Failed,
    /// and says so.
    /// </summary>
    [Alias("Start")]
    Task<EvaluationStatus> StartAsync(EvaluationTask task);

    /// <summary>How the last evaluation goes.</summary>
    [Alias("Status"), AlwaysInterleave]
    Task<EvaluationStatus> GetStatusAsync();

    /// <summary>Leaves off after what the devices are computing, and gives them back; does nothing for another task.</summary>
    [Alias("Cancel"), AlwaysInterleave]
    Task CancelAsync(EvaluationTask task);
}

/// <summary>Where an evaluation is.</summary>
public enum EvaluationPhase
{
    /// <summary>None was asked for since the grain was activated.</summary>
    None,

    /// <summary>It waits for devices.</summary>
    Waiting,

    /// <summary>It computes.</summary>
    Running,

    /// <summary>The report is there.</summary>
    Done,

    /// <summary>It could not be done; the message says why.</summary>
    Failed,
}

/// <summary>How an evaluation goes.</summary>
[GenerateSerializer, Immutable, Alias("vaecluster.EvaluationStatus")]
public sealed record EvaluationStatus
{
    /// <summary>Where it is.</summary>
    [Id(0)] public EvaluationPhase Phase { get; init; }

    /// <summary>What is evaluated; null when nothing is.</summary>
    [Id(1)] public EvaluationTask? Task { get; init; }

    /// <summary>Shards that are evaluated.</summary>
    [Id(2)] public int ShardsDone { get; init; }

    /// <summary>Shards in all.</summary>
    [Id(3)] public int ShardCount { get; init; }

    /// <summary>The devices that compute, as <c>silo/device</c>; when it is done, those that did at the end.</summary>
    [Id(4)] public ImmutableArray<string> Devices { get; init; } = [];

    /// <summary>Why it waits or failed, a sentence; empty otherwise.</summary>
    [Id(5)] public string Message { get; init; } = "";

    /// <summary>What was found, when it is done.</summary>
    [Id(6)] public EvaluationReport? Report { get; init; }
}
