using System.Collections.Immutable;

namespace VaeCluster.Contracts.Runs;

/// <summary>
/// What one shard of the held-out examples adds to an evaluation. Sums over its examples, in nats; the arrays have one entry a latent dimension, and
/// are empty where the model has no posterior.
/// </summary>
[GenerateSerializer, Immutable, Alias("vaecluster.ShardEvaluation")]
public sealed record ShardEvaluation
{
    /// <summary>The shard.</summary>
    [Id(0)] public required int Shard { get; init; }

    /// <summary>The terms of the ELBO with beta 1, one draw of z per example.</summary>
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
