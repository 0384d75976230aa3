using System.Collections.Immutable;
using VaeCluster.Contracts.Runs;

namespace VaeCluster.Contracts.ParameterServer;

/// <summary>
/// A gradient on its way from a device to the update: summed over the examples of an aligned block of shards, along the canonical tree; one part of the flat
/// vector. Whoever passes it on passes on the reference to its payload.
/// </summary>
[GenerateSerializer, Immutable, Alias("vaecluster.GradientBlock")]
public sealed record GradientBlock
{
    /// <summary>The step whose weights it was computed with.</summary>
    [Id(0)] public required long Step { get; init; }

    /// <summary>The first shard of the block; a multiple of <see cref="ShardCount"/>.</summary>
    [Id(1)] public required int FirstShard { get; init; }

    /// <summary>Shards in the block: a power of two.</summary>
    [Id(2)] public required int ShardCount { get; init; }

    /// <summary>Which part of the flat vector, counted from 0.</summary>
    [Id(3)] public required int Part { get; init; }

    /// <summary>Terms of the loss, summed over the block's examples.</summary>
    [Id(4)] public required LossSums Losses { get; init; }

    /// <summary>Little-endian float32: the part's gradients, then its share of the buffers; or what <see cref="Format"/> says.</summary>
    [Id(5)] public required PartBuffer Payload { get; init; }

    /// <summary>Who computed which of its shards, ascending and without overlap.</summary>
    [Id(6)] public ImmutableArray<ComputedBlock> Contributors { get; init; } = [];

    /// <summary>What the payload holds: float32, unless the run compresses its gradients.</summary>
    [Id(7)] public PayloadFormat Format { get; init; }

    /// <summary>Whether a shard is in the block.</summary>
    public bool Holds(int shard) => FirstShard <= shard && shard < FirstShard + ShardCount;

    /// <summary>Whether every shard of another block is in this one.</summary>
    public bool Contains(GradientBlock other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return FirstShard <= other.FirstShard && other.FirstShard + other.ShardCount <= FirstShard + ShardCount;
    }
}

/// <summary>What became of a push.</summary>
public enum PushOutcome
{
    /// <summary>It counts.</summary>
    Accepted,

    /// <summary>It, or a block that holds it, was there already.</summary>
    Duplicate,

    /// <summary>It is for another step than the current one.</summary>
    OtherStep,

    /// <summary>It cannot be a part of this run; <see cref="PushAnswer.Message"/> says why.</summary>
    Refused,

    /// <summary>The parameter server does not know the run (yet, or any more).</summary>
    NotStarted,
}

/// <summary>The answer to a push.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Message">A sentence, where there is something to explain.</param>
[GenerateSerializer, Immutable, Alias("vaecluster.PushAnswer")]
public sealed record PushAnswer([property: Id(0)] PushOutcome Outcome, [property: Id(1)] string Message = "");

/// <summary>What a pull brings.</summary>
public enum PullOutcome
{
    /// <summary>Weights of <see cref="WeightsPart.Step"/>.</summary>
    Weights,

    /// <summary>Nothing new within the caller's timeout.</summary>
    NotYet,

    /// <summary>The weights of the last step: no more gradients are wanted.</summary>
    Finished,

    /// <summary>The parameter server does not know the run (yet, or any more).</summary>
    NotStarted,
}

/// <summary>A part of the weights.</summary>
[GenerateSerializer, Immutable, Alias("vaecluster.WeightsPart")]
public sealed record WeightsPart
{
    /// <summary>What the pull brings.</summary>
    [Id(0)] public required PullOutcome Outcome { get; init; }

    /// <summary>Steps that were applied to these weights.</summary>
    [Id(1)] public long Step { get; init; }

    /// <summary>Little-endian float32; null without weights. The receiver owns the reference.</summary>
    [Id(2)] public PartBuffer? Payload { get; init; }

    /// <summary>How many parts the weights have.</summary>
    [Id(3)] public int PartCount { get; init; }

    /// <summary>The scales that the step's gradients of the part are encoded on; empty where the run needs none.</summary>
    [Id(4)] public ImmutableArray<float> Scales { get; init; } = [];
}

/// <summary>What was measured of one applied step. Losses are nats per example.</summary>
[GenerateSerializer, Immutable, Alias("vaecluster.StepRecord")]
public sealed record StepRecord
{
    /// <summary>The step, counted from 1: the weights are those of this step after it.</summary>
    [Id(0)] public required long Step { get; init; }

    /// <summary>The loss terms of its examples.</summary>
    [Id(1)] public required LossSums Losses { get; init; }

    /// <summary>Weight of the KL term.</summary>
    [Id(2)] public double Beta { get; init; }

    /// <summary>Learning rate.</summary>
    [Id(3)] public double LearningRate { get; init; }

    /// <summary>Global norm of the mean gradient before clipping.</summary>
    [Id(4)] public double GradientNorm { get; init; }

    /// <summary>Seconds since the step before it was applied.</summary>
    [Id(5)] public double Seconds { get; init; }

    /// <summary>Whether the update was left out because it was not finite.</summary>
    [Id(6)] public bool Skipped { get; init; }

    /// <summary>Who computed which shards, ascending and without overlap.</summary>
    [Id(7)] public ImmutableArray<ComputedBlock> Blocks { get; init; } = [];

    /// <summary>SHA-256 of the weights after the step, as lower-case hexadecimal; empty where it was not computed.</summary>
    [Id(8)] public string WeightsSha256 { get; init; } = "";
}

/// <summary>A block of shards whose gradient one device computed and added up.</summary>
/// <param name="FirstShard">A multiple of <paramref name="ShardCount"/>.</param>
/// <param name="ShardCount">A power of two.</param>
/// <param name="Device">The device, as <c>silo/device</c>.</param>
[GenerateSerializer, Immutable, Alias("vaecluster.ComputedBlock")]
public sealed record ComputedBlock(
    [property: Id(0)] int FirstShard,
    [property: Id(1)] int ShardCount,
    [property: Id(2)] string Device);

/// <summary>How far a parameter server is.</summary>
[GenerateSerializer, Immutable, Alias("vaecluster.ParameterServerStatus")]
public sealed record ParameterServerStatus
{
    /// <summary>Whether it holds weights.</summary>
    [Id(0)] public bool Started { get; init; }

    /// <summary>Steps applied, as far as this answer covers them.</summary>
    [Id(1)] public long Step { get; init; }

    /// <summary>Steps that the run takes.</summary>
    [Id(2)] public long StepCount { get; init; }

    /// <summary>Trainable parameters.</summary>
    [Id(3)] public long ParameterCount { get; init; }

    /// <summary>What was measured up to <see cref="Step"/>, oldest first; at most a few thousand at once.</summary>
    [Id(4)] public ImmutableArray<StepRecord> Records { get; init; } = [];

    /// <summary>Why no further step can be applied; empty while all is well.</summary>
    [Id(5)] public string Error { get; init; } = "";

    /// <summary>The step that the server began at: that of a checkpoint, or 0.</summary>
    [Id(6)] public long ResumedStep { get; init; }

    /// <summary>A sentence for each checkpoint that was found damaged when the server began.</summary>
    [Id(7)] public ImmutableArray<string> DamagedCheckpoints { get; init; } = [];

    /// <summary>The step of the newest checkpoint; -1 before the first.</summary>
    [Id(8)] public long CheckpointStep { get; init; } = -1;

    /// <summary>Why the last checkpoint could not be written; empty when it could.</summary>
    [Id(9)] public string CheckpointError { get; init; } = "";

    /// <summary>Seconds since the last step was applied, or since the server began.</summary>
    [Id(10)] public double StepAge { get; init; }

    /// <summary>The median of the seconds that the newest steps took; 0 before the first.</summary>
    [Id(11)] public double UsualStepSeconds { get; init; }

    /// <summary>The shards that the current step waits for, ascending.</summary>
    [Id(12)] public ImmutableArray<int> MissingShards { get; init; } = [];

    /// <summary>The silo whose standby follows; empty when none does.</summary>
    [Id(13)] public string StandbySilo { get; init; } = "";

    /// <summary>Whether the server began with what its standby had followed.</summary>
    [Id(14)] public bool ResumedFromStandby { get; init; }

    /// <summary>The keys of those who own the ranges of the flat vector, in order; the server itself is the last.</summary>
    [Id(15)] public ImmutableArray<string> Owners { get; init; } = [];

    /// <summary>The silo of a partition that is lost, so that the server cannot go on; empty while all are there.</summary>
    [Id(16)] public string LostPartitionSilo { get; init; } = "";
}

/// <summary>A model that was written.</summary>
/// <param name="Path">The file.</param>
/// <param name="WeightsSha256">SHA-256 of the weights: little-endian float32 of every tensor in the order of the model.</param>
[GenerateSerializer, Immutable, Alias("vaecluster.SavedModel")]
public sealed record SavedModel(
    [property: Id(0)] string Path,
    [property: Id(1)] string WeightsSha256);
