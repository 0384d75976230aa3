using System.Collections.Immutable;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Trainers;

namespace VaeCluster.Contracts.Evaluations;

/// <summary>Which weights are judged, and how thoroughly.</summary>
[GenerateSerializer, Immutable, Alias("vaecluster.EvaluationTask")]
public sealed record EvaluationTask
{
    /// <summary>Most importance samples an example.</summary>
    public const int SamplesMax = 5000;

    /// <summary>The run, its spec and its data.</summary>
    [Id(0)] public required RunPlan Plan { get; init; }

    /// <summary>The step whose weights are judged.</summary>
    [Id(1)] public required long Step { get; init; }

    /// <summary>Whether they are the run's model, rather than a checkpoint of it.</summary>
    [Id(2)] public required bool IsFinal { get; init; }

    /// <summary>What the weights hash to, lower-case hexadecimal.</summary>
    [Id(3)] public required string WeightsSha256 { get; init; }

    /// <summary>Importance samples an example for the likelihood, up to <see cref="SamplesMax"/>; 0 leaves the likelihood out.</summary>
    [Id(4)] public required int Samples { get; init; }
}

/// <summary>
/// What one shard of the held-out examples adds to an evaluation. Sums over its examples, in nats; the arrays have one entry a latent dimension, and
/// are empty where the model has no posterior.
/// </summary>
[GenerateSerializer, Immutable, Alias("vaecluster.ShardEvaluation")]
public sealed record ShardEvaluation
{
    /// <summary>The shard.</summary>
    [Id(0)] public required int Shard { get; init; }

    /// <summary>The terms of the ELBO with beta 1, one draw of z an example.</summary>
    [Id(1)] public required LossSums Losses { get; init; }

    /// <summary>Sum of log 1/k sum_i p(x, z_i) / q(z_i|x).</summary>
    [Id(2)] public double LogLikelihood { get; init; }

    /// <summary>Sum of its squares.</summary>
    [Id(3)] public double LogLikelihoodSquares { get; init; }

    /// <summary>Sums of KL(q(z_j|x) || N(0, 1)).</summary>
    [Id(4)] public ImmutableArray<double> Kl { get; init; } = [];

    /// <summary>Sums of the posterior means.</summary>
    [Id(5)] public ImmutableArray<double> Means { get; init; } = [];

    /// <summary>Sums of their squares.</summary>
    [Id(6)] public ImmutableArray<double> MeanSquares { get; init; } = [];

    /// <summary>Sums of the posterior variances.</summary>
    [Id(7)] public ImmutableArray<double> Variances { get; init; } = [];

    /// <summary>Posterior means of the first examples, shape [n, latent], little-endian float32: for what needs them all at once.</summary>
    [Id(8)] public byte[] PosteriorMeans { get; init; } = [];

    /// <summary>The logarithms of their variances.</summary>
    [Id(9)] public byte[] PosteriorLogVariances { get; init; } = [];
}
