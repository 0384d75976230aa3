using System.Collections.Immutable;
using VaeCluster.Contracts.Runs;

namespace VaeCluster.Contracts.Trainers;

/// <summary>Which shards of which run a trainer computes.</summary>
[GenerateSerializer, Immutable, Alias("vaecluster.TrainerAssignment")]
public sealed record TrainerAssignment
{
    /// <summary>The run, its spec and its data.</summary>
    [Id(0)] public required RunPlan Plan { get; init; }

    /// <summary>The shards, ascending.</summary>
    [Id(1)] public required ImmutableArray<int> Shards { get; init; }

    /// <summary>Rises whenever the run's shards are reassigned; an older assignment never replaces a newer.</summary>
    [Id(2)] public required long Version { get; init; }

    /// <summary>The key of the run's parameter server, <c>silo/run</c>: it is on the silo of its run, wherever that is.</summary>
    [Id(3)] public required string Server { get; init; }

    /// <summary>The shards of all trainers of this trainer's silo, ascending: what they compute is added up before it leaves the silo.</summary>
    [Id(4)] public ImmutableArray<int> SiloShards { get; init; } = [];

    /// <summary>The keys of the partitions that own the ranges of the flat vector before the parameter server's own, in order.</summary>
    [Id(5)] public ImmutableArray<string> Partitions { get; init; } = [];
}

/// <summary>What a trainer is doing.</summary>
public enum TrainerActivity
{
    /// <summary>Nothing.</summary>
    Idle,

    /// <summary>It loads data and builds its model.</summary>
    Preparing,

    /// <summary>It computes gradients.</summary>
    Training,

    /// <summary>All steps are applied; it keeps its replica to evaluate and render.</summary>
    Finished,

    /// <summary>It failed; <see cref="TrainerStatus.Error"/> says why.</summary>
    Failed,
}

/// <summary>The status of a trainer's work.</summary>
[GenerateSerializer, Immutable, Alias("vaecluster.TrainerStatus")]
public sealed record TrainerStatus
{
    /// <summary>The run it works for; empty when idle.</summary>
    [Id(0)] public string RunId { get; init; } = "";

    /// <summary>What it is doing.</summary>
    [Id(1)] public TrainerActivity Activity { get; init; }

    /// <summary>The version of the assignment that it follows.</summary>
    [Id(2)] public long AssignmentVersion { get; init; }

    /// <summary>The step whose gradients it last computed.</summary>
    [Id(3)] public long Step { get; init; }

    /// <summary>Why it failed, as a reason of <see cref="RunReasons"/>; empty when it did not.</summary>
    [Id(4)] public string ErrorReason { get; init; } = "";

    /// <summary>Why it failed, a sentence.</summary>
    [Id(5)] public string Error { get; init; } = "";
}

/// <summary>
/// What a device answers when it is asked to compute something. Why it could not travels as data, because an exception that crosses silos keeps its type
/// only where both sides know it.
/// </summary>
/// <typeparam name="T">What it computes.</typeparam>
[GenerateSerializer, Immutable, Alias("vaecluster.DeviceAnswer`1")]
public sealed record DeviceAnswer<T>
    where T : class
{
    /// <summary>What it computed; null when it could not.</summary>
    [Id(0)] public T? Value { get; init; }

    /// <summary>Why it could not, a sentence; empty when it could.</summary>
    [Id(1)] public string Error { get; init; } = "";

    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">The device could not compute it; the message says why.</exception>
    public T Unwrap() => Value ?? throw new InvalidOperationException(Error);
}

/// <summary>Images that a trainer renders.</summary>
public enum ImageKind
{
    /// <summary>A grid of decoded draws from the prior.</summary>
    Samples,

    /// <summary>A grid of held-out examples, each beside its reconstruction.</summary>
    Reconstructions,
}

/// <summary>An image, encoded.</summary>
/// <param name="Name">File name.</param>
/// <param name="Content">The bytes of the file.</param>
[GenerateSerializer, Immutable, Alias("vaecluster.RenderedImage")]
public sealed record RenderedImage(
    [property: Id(0)] string Name,
    [property: Id(1)] byte[] Content);
