using System.Collections.Immutable;
using System.Runtime.InteropServices;
using VaeCluster.Contracts.Evaluations;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Data;

namespace VaeCluster.Training.Evaluation;

/// <summary>Makes one report of an evaluation's shards. They are added up in the order of the shards, whoever evaluated them.</summary>
public static class EvaluationSummary
{
    /// <summary>The report. It takes as long as the aggregate posterior does: the square of the examples.</summary>
    /// <param name="task">What was evaluated.</param>
    /// <param name="parts">The result of each shard, all of them.</param>
    /// <param name="access">What the data may use; without bounds when left out.</param>
    /// <exception cref="DataException">The data's factors are wanted, and the data are not there.</exception>
    public static EvaluationReport Of(EvaluationTask task, IEnumerable<ShardEvaluation> parts, DataAccess? access = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        var shards = parts.OrderBy(part => part.Shard).ToList();
        var losses = shards.Select(shard => shard.Losses).Aggregate((sum, next) => sum + next);
        var count = (double)losses.Examples;
        var report = new EvaluationReport
        {
            RunId = task.Plan.RunId,
            Step = task.Step,
            Examples = losses.Examples,
            Elbo = -(losses.Reconstruction + losses.Kl) / count,
            Reconstruction = losses.Reconstruction / count,
            Kl = losses.Kl / count,
        };
        if (shards[0].Kl.Length == 0)
            return report;
        if (task.Samples > 0)
            report = WithLikelihood(report, task.Samples, shards.Sum(shard => shard.LogLikelihood), shards.Sum(shard => shard.LogLikelihoodSquares));
        return WithFactors(WithAggregate(WithPosteriors(report, shards), task, shards), task, shards, access);
    }

    private static EvaluationReport WithLikelihood(EvaluationReport report, int samples, double sum, double squares)
    {
        var mean = sum / report.Examples;
        var variance = Math.Max(0, (squares / report.Examples) - (mean * mean));
        return report with { Samples = samples, NegativeLogLikelihood = -mean, NegativeLogLikelihoodError = Math.Sqrt(variance / report.Examples) };
    }

    private static EvaluationReport WithPosteriors(EvaluationReport report, List<ShardEvaluation> shards)
    {
        var (means, squares, variances) = (Mean(shard => shard.Means), Mean(shard => shard.MeanSquares), Mean(shard => shard.Variances));
        var ofMeans = means.Zip(squares, (mean, square) => Math.Max(0, square - (mean * mean))).ToImmutableArray();
        return report with
        {
            KlPerDimension = Mean(shard => shard.Kl),
            MeanVariances = ofMeans,
            ActiveUnits = ActiveUnits.Count(ofMeans),
            AggregateMeans = means,
            // The law of total variance.
            AggregateVariances = [.. ofMeans.Zip(variances, (ofMean, within) => ofMean + within)],
        };

        ImmutableArray<double> Mean(Func<ShardEvaluation, ImmutableArray<double>> values) =>
            [.. Enumerable.Range(0, shards[0].Kl.Length).Select(dimension => shards.Sum(shard => values(shard)[dimension]) / report.Examples)];
    }

    private static EvaluationReport WithAggregate(EvaluationReport report, EvaluationTask task, List<ShardEvaluation> shards)
    {
        var latent = report.KlPerDimension.Length;
        var (means, logVariances) = (Joined(shards, shard => shard.PosteriorMeans), Joined(shards, shard => shard.PosteriorLogVariances));
        var (information, marginal) = AggregatePosterior.Estimate(means, logVariances, latent, SpecOf(task).Seed);
        return report with { AggregateExamples = means.Length / latent, MutualInformation = information, MarginalKl = marginal };
    }

    private static EvaluationReport WithFactors(EvaluationReport report, EvaluationTask task, List<ShardEvaluation> shards, DataAccess? access)
    {
        var spec = SpecOf(task);
        if (DataSources.OpenFactors(spec.Data, access) is not { } factors)
            return report;
        // The held-out examples are the last ones; whoever evaluated the shards has checked that the data are those of the run.
        var (latent, means, first) = (report.KlPerDimension.Length, Joined(shards, shard => shard.PosteriorMeans), factors.Count - task.Plan.Data.TestExamples);
        var gaps = MutualInformationGap.Of(means, latent, factors, first);
        return report with
        {
            Factors = [.. gaps],
            MutualInformationGap = gaps.Average(gap => gap.Gap),
            FactorVaeScore = FactorVaeScore.Of(means, latent, factors, first, spec.Seed),
        };
    }

    private static RunSpec SpecOf(EvaluationTask task) => RunSpecReader.ReadCanonical(task.Plan.SpecJson);

    private static float[] Joined(List<ShardEvaluation> shards, Func<ShardEvaluation, byte[]> values) =>
        [.. shards.SelectMany(shard => MemoryMarshal.Cast<byte, float>(values(shard)).ToArray())];
}
