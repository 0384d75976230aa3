using Grpc.Core;
using VaeCluster.Contracts.V1;
using static VaeCluster.EndToEnd.RunCalls;

namespace VaeCluster.EndToEnd;

/// <summary>What real silos make of a run's model, while it trains and afterwards.</summary>
public sealed class ModelUseTests
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromMinutes(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Model_OfARun_IsEvaluatedByBothSilos_AndPlottedAlikeByEither()
    {
        await using var first = await SiloProcess.StartAsync("cpu:1", null, "--name", "first");
        await using var second = await SiloProcess.JoinAsync(first, "--name", "second");
        var run = await RunAsync(first, Shapes("resources.trainers.min=2", "evaluation.every=40", "evaluation.samples=5"));

        var progress = await EvaluateAsync(second, run.RunId, samples: 50);
        var report = progress[^1].Report;
        var history = await first.Cluster.Models.ListEvaluationsAsync(new GetRunRequest { RunId = run.RunId }, cancellationToken: Token);
        var exported = await second.Cluster.Artifacts.ExportAsync(new ExportRequest { RunId = run.RunId, Format = ExportFormat.Onnx }, cancellationToken: Token);

        Assert.Contains(progress, step => step.Devices.Contains("first/cpu:0") && step.Devices.Contains("second/cpu:0"));
        Assert.Equal(run.Results.TestElboNats, report.Elbo);
        Assert.InRange(report.NegativeLogLikelihood, 0, -report.Elbo);
        Assert.InRange(report.MutualInformationGap, 0, 1);
        Assert.Equal([(40, 5), (60, 5), (60, 50)], history.Evaluations.Select(found => ((int)found.Step, found.Samples)));
        Assert.Equal((60L, "decoder.onnx encoder.onnx"), (exported.Step, string.Join(' ', exported.Artifacts.Select(artifact => artifact.Name))));
        Assert.Equal(await ManifoldAsync(first, run.RunId), await ManifoldAsync(second, run.RunId));
    }

    [Fact]
    public async Task Model_OfARunThatTrains_IsThatOfItsNewestCheckpoint()
    {
        await using var silo = await SiloProcess.StartAsync("cpu:1");
        var run = await silo.Cluster.Runs.SubmitAsync(Shapes("training.epochs=100000", "checkpoint.every=50"), cancellationToken: Token);
        await Eventually.GetAsync("The first hundred steps", async () => (await GetAsync(silo, run.RunId)) is { Progress.Step: > 100 } found ? found : null, WaitTimeout);

        var encoded = await silo.Cluster.Models.EncodeAsync(new EncodeRequest { Model = new ModelRef { RunId = run.RunId } }, cancellationToken: Token);
        var exported = await silo.Cluster.Artifacts.ExportAsync(new ExportRequest { RunId = run.RunId, Format = ExportFormat.Pytorch }, cancellationToken: Token);

        Assert.True(encoded.Step >= 50 && encoded.Step % 50 == 0, $"The weights are of step {encoded.Step}, of which there is no checkpoint.");
        Assert.Equal([$"exports/{exported.Step}/model.py", $"exports/{exported.Step}/model.safetensors"], exported.Artifacts.Select(artifact => artifact.Name));
        Assert.Equal((200, 200 * 4), (encoded.Total, encoded.Mean.Count));
        await silo.Cluster.Runs.CancelAsync(new GetRunRequest { RunId = run.RunId }, cancellationToken: Token);
    }

    private static async Task<List<EvaluationProgress>> EvaluateAsync(SiloProcess silo, string runId, int samples)
    {
        using var call = silo.Cluster.Models.Evaluate(new EvaluateRequest { Model = new ModelRef { RunId = runId }, Samples = samples }, cancellationToken: Token);
        return await call.ResponseStream.ReadAllAsync(Token).ToListAsync(Token);
    }

    private static async Task<byte[]> ManifoldAsync(SiloProcess silo, string runId)
    {
        using var call = silo.Cluster.Models.Manifold(new ManifoldRequest { Model = new ModelRef { RunId = runId }, Side = 5 }, cancellationToken: Token);
        return [.. (await call.ResponseStream.ReadAllAsync(Token).ToListAsync(Token)).SelectMany(piece => piece.Content)];
    }

    private static SubmitRequest Shapes(params string[] overrides) => new()
    {
        Spec = "name: used",
        Overrides = { "data.count=1200", "data.test=200", "data.imageSize=16", "model.hidden=[64]", "model.latent=4", "training.epochs=3", "training.batch=50", "training.shards=2", "resources.trainers.max=2", overrides },
    };
}
