using VaeCluster.Contracts.Runs;

namespace VaeCluster.Contracts.Trainers;

/// <summary>Which weights are evaluated, and how thoroughly.</summary>
[GenerateSerializer, Immutable, Alias("vaecluster.EvaluationTask")]
public sealed record EvaluationTask
{
    /// <summary>Most importance samples per example.</summary>
    public const int SamplesMax = 5000;

    /// <summary>The run, its spec and its data.</summary>
    [Id(0)] public required RunPlan Plan { get; init; }

    /// <summary>The step whose weights are evaluated.</summary>
    [Id(1)] public required long Step { get; init; }

    /// <summary>Whether they are the run's model, rather than a checkpoint of it.</summary>
    [Id(2)] public required bool IsFinal { get; init; }

    /// <summary>What the weights hash to, lower-case hexadecimal.</summary>
    [Id(3)] public required string WeightsSha256 { get; init; }

    /// <summary>Importance samples per example for the likelihood, up to <see cref="SamplesMax"/>; 0 leaves the likelihood out.</summary>
    [Id(4)] public required int Samples { get; init; }
}
