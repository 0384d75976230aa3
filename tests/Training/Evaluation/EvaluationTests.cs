using VaeCluster.Contracts.Evaluations;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Data;
using VaeCluster.Tests.Support;
using VaeCluster.Tests.Training.Workers;
using VaeCluster.Training.Evaluation;

namespace VaeCluster.Tests.Training.Evaluation;

/// <summary>Evaluations of a small model that was trained for a while.</summary>
public sealed class EvaluationTests
{
    private static readonly string[] Small = ["data.count=330", "data.imageSize=12", "data.test=90", "model.hidden=[32]", "model.latent=4", "training.batch=40", "training.epochs=4", "training.shards=4"];

    [Fact]
    public async Task Evaluation_IsTheSame_HoweverTheShardsAreAssigned()
    {
        await using var cluster = await TrainedAsync();

        var together = await cluster.First.EvaluateAsync(cluster.Weights, [0, 1, 2, 3], 20);
        var apart = new List<ShardEvaluation>();
        foreach (var shard in (int[])[2, 0, 3, 1])
            apart.AddRange(await cluster.First.EvaluateAsync(cluster.Weights, [shard], 20));

        Assert.Equal(ReportOf(cluster, together).ToJson(), ReportOf(cluster, apart).ToJson());
    }

    [Fact]
    public async Task Evaluation_AgreesWithTheRunsOwnElbo_AndTightensItsBound()
    {
        await using var cluster = await TrainedAsync();

        var report = ReportOf(cluster, await cluster.First.EvaluateAsync(cluster.Weights, [0, 1, 2, 3], 200));

        var (negativeElbo, reconstruction, kl) = await cluster.EvaluateAsync();
        Assert.Equal((90, -negativeElbo, reconstruction, kl), (report.Examples, report.Elbo, report.Reconstruction, report.Kl));
        Assert.Equal(kl, report.KlPerDimension.Sum(), 1e-4);
        Assert.Equal(kl, report.MutualInformation!.Value + report.MarginalKl!.Value, 1e-4);
        Assert.InRange(report.MutualInformation.Value, 0, Math.Log(90) + 1e-9);
        Assert.InRange(report.NegativeLogLikelihood!.Value, 0, negativeElbo);
        Assert.True(report.NegativeLogLikelihoodError > 0, "The likelihood has no error.");
        Assert.Equal(report.MeanVariances.Count(variance => variance > 0.01), report.ActiveUnits);
        Assert.Equal(["shape", "scale", "rotation", "x", "y"], report.Factors.Select(factor => factor.Name));
        Assert.InRange(report.MutualInformationGap!.Value, 0, 1);
        Assert.InRange(report.FactorVaeScore!.Value, 0, 1);
    }

    [Fact]
    public async Task Evaluation_OfAnArchiveWithFactors_HasTheirScores()
    {
        // The shapes again, as numpy.savez would have written them.
        var shapes = ShapesSource.Draw(330, 12);
        using var folder = new TemporaryFolder();
        var pixels = new float[shapes.Count * shapes.Dimensions];
        shapes.CopyTo([.. Enumerable.Range(0, shapes.Count)], pixels);
        var archive = NpyWriter.Archive(
            System.IO.Compression.CompressionLevel.Fastest,
            ("imgs", NpyWriter.Array("|u1", "330, 12, 12", [.. pixels.Select(value => (byte)MathF.Round(255 * value))])),
            ("factors", NpyWriter.Array("|u1", "330, 5", [.. Enumerable.Range(0, shapes.Count).SelectMany(i => shapes.Factors!.Of(i).ToArray()).Select(index => (byte)index)])));
        await using var drawn = await TrainedAsync();
        await using var read = await TrainedAsync("data.source=npy", $"data.path={folder.Write("shapes.npz", archive)}");

        var ofDrawn = ReportOf(drawn, await drawn.First.EvaluateAsync(drawn.Weights, [0, 1, 2, 3], 0));
        var ofRead = ReportOf(read, await read.First.EvaluateAsync(read.Weights, [0, 1, 2, 3], 0));

        Assert.Equal((ofDrawn.MutualInformationGap, ofDrawn.FactorVaeScore), (ofRead.MutualInformationGap, ofRead.FactorVaeScore));
        Assert.Equal(["factor0", "factor1", "factor2", "factor3", "factor4"], ofRead.Factors.Select(factor => factor.Name));
    }

    [Fact]
    public async Task Evaluation_WithoutSamples_LeavesTheLikelihoodOut()
    {
        await using var cluster = await TrainedAsync();

        var report = ReportOf(cluster, await cluster.First.EvaluateAsync(cluster.Weights, [0, 1, 2, 3], 0));

        Assert.Null(report.NegativeLogLikelihood);
        Assert.Equal(4, report.KlPerDimension.Length);
    }

    [Fact]
    public async Task Evaluation_OfAPlainAutoencoder_ReportsItsErrorAndNoMore()
    {
        await using var cluster = await TrainedAsync("model.kind=ae");

        var report = ReportOf(cluster, await cluster.First.EvaluateAsync(cluster.Weights, [0, 1, 2, 3], 20));

        Assert.True(report.Reconstruction > 0, "There is no error.");
        Assert.Equal((null, null, 0), (report.NegativeLogLikelihood, report.MutualInformation, report.KlPerDimension.Length));
    }

    [Fact]
    public void Report_ReadBack_IsTheSame()
    {
        var report = new EvaluationReport { RunId = "r-1", Step = 5, Examples = 2, Elbo = double.NaN, NegativeLogLikelihood = 3.25, KlPerDimension = [1, 2], Factors = [new("x", 1, 0.5, 0.25)] };

        Assert.Equal(report.ToJson(), EvaluationReport.Parse(report.ToJson()).ToJson());
    }

    private static EvaluationReport ReportOf(LocalCluster cluster, IEnumerable<ShardEvaluation> shards) => EvaluationSummary.Of(new EvaluationTask
    {
        Plan = LocalCluster.PlanOf(cluster.Spec),
        Step = cluster.Store.Step,
        IsFinal = true,
        WeightsSha256 = cluster.Hash,
        Samples = shards.First().LogLikelihood == 0 ? 0 : 200,
    }, shards);

    private static async Task<LocalCluster> TrainedAsync(params string[] assignments)
    {
        var cluster = await LocalCluster.StartAsync(ASpec.With([.. Small, .. assignments]), [0, 1, 2, 3]);
        await cluster.TrainAsync();
        return cluster;
    }
}
