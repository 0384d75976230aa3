using System.Collections.Immutable;

namespace VaeCluster.Contracts.ParameterServer;

/// <summary>What is to become of a step whose gradient is complete.</summary>
public enum StepVerdict
{
    /// <summary>Not decided yet: gradients of other ranges are missing. Ask again.</summary>
    Undecided,

    /// <summary>The update is made.</summary>
    Apply,

    /// <summary>The update is left out, because the gradient is not finite and the spec says so; the weights stay as they are.</summary>
    Skip,

    /// <summary>Every shard is computed again, because the gradient is not finite for the first time.</summary>
    Repeat,

    /// <summary>The parameter server works with other partitions by now: whoever asks is none of them.</summary>
    Superseded,
}

/// <summary>The decision about a step, which the parameter server makes and every partition carries out.</summary>
[GenerateSerializer, Immutable, Alias("vaecluster.StepDecision")]
public sealed record StepDecision
{
    /// <summary>What is to become of it.</summary>
    [Id(0)] public required StepVerdict Verdict { get; init; }

    /// <summary>The step, counted from 0: with the weights of this step the gradient was computed.</summary>
    [Id(1)] public long Step { get; init; }

    /// <summary>Which attempt at the step, counted from 0.</summary>
    [Id(2)] public int Attempt { get; init; }

    /// <summary>Examples of the step.</summary>
    [Id(3)] public int Examples { get; init; }

    /// <summary>Global norm of the mean gradient before clipping.</summary>
    [Id(4)] public double GradientNorm { get; init; }

    /// <summary>The step's learning rate.</summary>
    [Id(5)] public double LearningRate { get; init; }

    /// <summary>The attempt at the step that begins where it is repeated.</summary>
    [Id(6)] public int NextAttempt { get; init; }
}

/// <summary>A partition's part of the decision about a step: its range of the gradient is complete.</summary>
[GenerateSerializer, Immutable, Alias("vaecluster.RangeGradient")]
public sealed record RangeGradient
{
    /// <summary>The session of the parameter server that began the partition.</summary>
    [Id(0)] public required string Session { get; init; }

    /// <summary>Which range, counted from 0.</summary>
    [Id(1)] public required int Range { get; init; }

    /// <summary>The step.</summary>
    [Id(2)] public required long Step { get; init; }

    /// <summary>Which attempt at the step.</summary>
    [Id(3)] public required int Attempt { get; init; }

    /// <summary>The sum of squares of each chunk of the range, in order: the norm is taken over all ranges' chunks.</summary>
    [Id(4)] public required ImmutableArray<double> SquareSums { get; init; }

    /// <summary>Why the standby cannot follow any more; empty while it does, or where there is none.</summary>
    [Id(5)] public string StandbyError { get; init; } = "";
}
