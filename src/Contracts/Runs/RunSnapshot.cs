using System.Collections.Immutable;

namespace VaeCluster.Contracts.Runs;

/// <summary>Why the run is where it is: one entry for each change.</summary>
/// <param name="Reason">One of <see cref="RunReasons"/>.</param>
/// <param name="Message">A sentence for people.</param>
/// <param name="At">When, in UTC.</param>
[GenerateSerializer, Immutable, Alias("vaecluster.RunCondition")]
public sealed record RunCondition(
    [property: Id(0)] string Reason,
    [property: Id(1)] string Message,
    [property: Id(2)] DateTimeOffset At);

/// <summary>How far a run is, and how it does. Losses are nats per example, the mean over the last logged steps.</summary>
[GenerateSerializer, Immutable, Alias("vaecluster.RunProgress")]
public sealed record RunProgress
{
    /// <summary>Steps applied.</summary>
    [Id(0)] public long Step { get; init; }

    /// <summary>Steps that the run takes.</summary>
    [Id(1)] public long StepCount { get; init; }

    /// <summary>Epoch that the next step belongs to, counted from 1.</summary>
    [Id(2)] public int Epoch { get; init; }

    /// <summary>Epochs that the run takes.</summary>
    [Id(3)] public int EpochCount { get; init; }

    /// <summary>Evidence lower bound; the larger, the better.</summary>
    [Id(4)] public double Elbo { get; init; }

    /// <summary>-E_q[log p(x|z)].</summary>
    [Id(5)] public double Reconstruction { get; init; }

    /// <summary>KL(q(z|x) || N(0, I)), unweighted.</summary>
    [Id(6)] public double Kl { get; init; }

    /// <summary>Weight of the KL term at the last step.</summary>
    [Id(7)] public double Beta { get; init; }

    /// <summary>Learning rate at the last step.</summary>
    [Id(8)] public double LearningRate { get; init; }

    /// <summary>Steps applied per second, recently.</summary>
    [Id(9)] public double StepsPerSecond { get; init; }

    /// <summary>Examples used per second, recently.</summary>
    [Id(10)] public double SamplesPerSecond { get; init; }

    /// <summary>Examples used since the run began.</summary>
    [Id(11)] public long Samples { get; init; }

    /// <summary>Steps left out because their gradient was not finite.</summary>
    [Id(12)] public long SkippedSteps { get; init; }

    /// <summary>Whether the posterior has collapsed onto the prior, as far as is known.</summary>
    [Id(20)] public bool IsCollapsed { get; init; }
}

/// <summary>What a run ended with. Losses are nats per example over the held-out examples.</summary>
[GenerateSerializer, Immutable, Alias("vaecluster.RunResults")]
public sealed record RunResults
{
    /// <summary>Evidence lower bound with beta 1 on the held-out examples; NaN when none are held out.</summary>
    [Id(0)] public double TestElbo { get; init; } = double.NaN;

    /// <summary>Its reconstruction term.</summary>
    [Id(1)] public double TestReconstruction { get; init; } = double.NaN;

    /// <summary>Its KL term.</summary>
    [Id(2)] public double TestKl { get; init; } = double.NaN;

    /// <summary>Held-out examples that were evaluated.</summary>
    [Id(3)] public long TestExamples { get; init; }

    /// <summary>SHA-256 of the final weights, as lower-case hexadecimal: equal for equal specs, whoever trained.</summary>
    [Id(4)] public string WeightsSha256 { get; init; } = "";

    /// <summary>The last value of the chain of hashes over the ledger, which pins every line of it.</summary>
    [Id(5)] public string LedgerChain { get; init; } = "";
}

/// <summary>A run at one moment.</summary>
[GenerateSerializer, Immutable, Alias("vaecluster.RunSnapshot")]
public sealed record RunSnapshot
{
    /// <summary>The run's id.</summary>
    [Id(0)] public required string RunId { get; init; }

    /// <summary>Rises with every change; two snapshots with the same version are equal.</summary>
    [Id(1)] public long Version { get; init; }

    /// <summary>Where the run is in its life.</summary>
    [Id(2)] public RunPhase Phase { get; init; }

    /// <summary>Why, the newest last.</summary>
    [Id(3)] public ImmutableArray<RunCondition> Conditions { get; init; } = [];

    /// <summary>The complete spec, as JSON.</summary>
    [Id(4)] public string SpecJson { get; init; } = "";

    /// <summary>How far it is.</summary>
    [Id(5)] public RunProgress Progress { get; init; } = new();

    /// <summary>What it ended with; null before that.</summary>
    [Id(6)] public RunResults? Results { get; init; }

    /// <summary>The devices that train it now, as <c>silo/device</c>.</summary>
    [Id(7)] public ImmutableArray<string> Devices { get; init; } = [];

    /// <summary>When it was accepted, in UTC.</summary>
    [Id(8)] public DateTimeOffset SubmittedAt { get; init; }

    /// <summary>When it first got devices, in UTC.</summary>
    [Id(9)] public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it reached a final phase, in UTC.</summary>
    [Id(10)] public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Trainable parameters of the model; 0 before it is built.</summary>
    [Id(11)] public long ParameterCount { get; init; }

    /// <summary>What its data are.</summary>
    [Id(12)] public DataDescription? Data { get; init; }

    /// <summary>The checkpoint of another run that it goes on from; null when it began at step 0.</summary>
    [Id(13)] public RunOrigin? Origin { get; init; }
}
