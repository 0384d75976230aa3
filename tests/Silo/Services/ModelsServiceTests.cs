using Grpc.Core;
using VaeCluster.Contracts.Evaluations;
using VaeCluster.Contracts.V1;
using static VaeCluster.Silo.Tests.Services.RunsServiceTests;

namespace VaeCluster.Silo.Tests.Services;

public sealed class ModelsServiceTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sample_OfARunThatWroteNothingYet_FailsPrecondition_AndSaysWhatToWaitFor()
    {
        var run = await silo.SubmitAsync("young");

        var refused = await RefusedAsync(Sample(run.RunId));

        Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);
        Assert.StartsWith($"Run '{run.RunId}' is Pending at step 0 and has written no checkpoint yet, so there are no weights to use.", refused.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sample_OfARunThatTrains_TakesTheNewestCheckpoint_OrTheOneAskedFor()
    {
        var run = await RunWithCheckpointsAsync("trains", 10, 40);

        var newest = await CollectAsync(Sample(run));
        var older = await CollectAsync(Sample(run, step: 10));
        var none = await RefusedAsync(Sample(run, step: 20));

        Assert.Equal((40, "samples.png"), (newest[0].Step, newest[0].Name));
        Assert.Equal(10, older[0].Step);
        Assert.NotEqual(newest[0].Content, older[0].Content);
        Assert.Equal(newest, await CollectAsync(Sample(run)));
        Assert.Equal((StatusCode.FailedPrecondition, $"Run '{run}' has no weights of step 20; it keeps those of 40, 10. Leave the step out to take the newest."), (none.StatusCode, none.Detail));
    }

    [Fact]
    public async Task Sample_OfADamagedCheckpoint_IsDataLoss()
    {
        var run = await RunWithCheckpointsAsync("damaged", 10);
        var path = Path.Combine(silo.RunFolder(run), "checkpoints", "10", "model.safetensors");
        var bytes = await File.ReadAllBytesAsync(path, Token);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Token);

        Assert.Equal(StatusCode.DataLoss, (await RefusedAsync(Sample(run))).StatusCode);
    }

    [Fact]
    public async Task EveryPlot_Comes_AndTheScatterInBothForms()
    {
        var run = await RunWithCheckpointsAsync("plots", 5);
        var model = new ModelRef { RunId = run };

        Assert.Equal(["reconstructions.png"], await NamesAsync(silo.Models.Reconstruct(new ReconstructRequest { Model = model, Count = 4 }, cancellationToken: Token)));
        Assert.Equal(["interpolation.png"], await NamesAsync(silo.Models.Interpolate(new InterpolateRequest { Model = model, From = 1, To = 2, Steps = 3 }, cancellationToken: Token)));
        Assert.Equal(["traversal.png"], await NamesAsync(silo.Models.Traverse(new TraverseRequest { Model = model, Range = 3, Steps = 3 }, cancellationToken: Token)));
        Assert.Equal(["manifold.png"], await NamesAsync(silo.Models.Manifold(new ManifoldRequest { Model = model, Side = 3 }, cancellationToken: Token)));
        Assert.Equal(["scatter.png", "scatter.svg"], await NamesAsync(silo.Models.Scatter(new ScatterRequest { Model = model, Count = 5 }, cancellationToken: Token)));
    }

    [Fact]
    public async Task Encode_GivesRowsThatFitTogether()
    {
        var run = await RunWithCheckpointsAsync("encodes", 5);

        var all = await silo.Models.EncodeAsync(new EncodeRequest { Model = new ModelRef { RunId = run } }, cancellationToken: Token);
        var tail = await silo.Models.EncodeAsync(new EncodeRequest { Model = new ModelRef { RunId = run }, First = 8, Count = 5 }, cancellationToken: Token);

        Assert.Equal((5L, 20, 10, 200, 200, 10), (all.Step, all.Latent, all.Total, all.Mean.Count, all.LogVariance.Count, all.Labels.Count));
        Assert.Equal((8, 40), (tail.First, tail.Mean.Count));
        Assert.Equal(all.Labels.Skip(8), tail.Labels);
        Assert.All(tail.Mean.Zip(all.Mean.Skip(160)), pair => Assert.Equal(pair.Second, pair.First, 1e-5f));
    }

    [Fact]
    public async Task Evaluate_WithoutDevices_SaysWhatItWaitsFor_AndEndsWithItsCaller()
    {
        var run = await RunWithCheckpointsAsync("evaluated", 5);
        using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using var call = silo.Models.Evaluate(new EvaluateRequest { Model = new ModelRef { RunId = run }, Samples = 5 }, cancellationToken: cancelling.Token);
        while (await call.ResponseStream.MoveNext(Token) && call.ResponseStream.Current.Message == "The evaluation requests devices.")
            Assert.Null(call.ResponseStream.Current.Report);

        var waiting = call.ResponseStream.Current;
        var refused = await RefusedAsync(silo.Models.Evaluate(new EvaluateRequest { Model = new ModelRef { RunId = run }, Samples = 6 }, cancellationToken: Token).ResponseStream);
        await cancelling.CancelAsync();

        // The runs of these tests all wait, and go before.
        Assert.EndsWith(" was submitted earlier and waits for devices too.", waiting.Message, StringComparison.Ordinal);
        Assert.Equal((0, 4), (waiting.ShardsDone, waiting.ShardCount));
        Assert.Equal((StatusCode.FailedPrecondition, $"Run '{run}' is being evaluated at step 5 with 5 samples. Wait until that evaluation ends."), (refused.StatusCode, refused.Detail));
        // Its caller is gone, so another one may begin; this takes as long as the first one needs to notice.
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await BeginsAsync(run, timeout.Token))
            await Task.Delay(50, timeout.Token);
    }

    [Fact]
    public async Task Evaluate_OfARunThatHoldsNothingOut_FailsPrecondition_AndSaysWhatToDo()
    {
        var run = await RunWithCheckpointsAsync("untested", [5], "data.test=0");

        var refused = await RefusedAsync(silo.Models.Evaluate(new EvaluateRequest { Model = new ModelRef { RunId = run } }, cancellationToken: Token).ResponseStream);

        Assert.Equal((StatusCode.FailedPrecondition, $"Run '{run}' holds out no examples (data.test is 0), so there is nothing to evaluate it on. Train it again with data.test above 0."), (refused.StatusCode, refused.Detail));
    }

    [Fact]
    public async Task ListEvaluations_ReadsTheReports_ByStepAndSamples()
    {
        var run = await RunWithCheckpointsAsync("history", 5);
        var folder = Directory.CreateDirectory(Path.Combine(silo.ArtifactsFolder(run), "evaluations")).FullName;
        foreach (var (step, samples) in ((long, int)[])[(20, 64), (5, 64), (20, 5)])
            await File.WriteAllTextAsync(Path.Combine(folder, $"{step}-{samples}.json"), new EvaluationReport { RunId = run, Step = step, Examples = 10, Samples = samples, NegativeLogLikelihood = 1.5, KlPerDimension = [1, 2] }.ToJson(), Token);

        var listed = (await silo.Models.ListEvaluationsAsync(new GetRunRequest { RunId = run }, cancellationToken: Token)).Evaluations;

        Assert.Equal([(5L, 64), (20L, 5), (20L, 64)], listed.Select(report => (report.Step, report.Samples)));
        Assert.All(listed, report => Assert.Equal((1.5, false, 2), (report.NegativeLogLikelihood, report.HasMutualInformation, report.KlPerDimension.Count)));
        Assert.Equal(StatusCode.NotFound, (await RefusedAsync(silo.Models.ListEvaluationsAsync(new GetRunRequest { RunId = "nope" }, cancellationToken: Token))).StatusCode);
    }

    [Fact]
    public async Task ListEvaluations_OfAReportOfAnotherVersion_FailsPrecondition_AndNamesTheFile()
    {
        var run = await RunWithCheckpointsAsync("foreign", 5);
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(silo.ArtifactsFolder(run), "evaluations")).FullName, "5.json");
        await File.WriteAllTextAsync(path, new EvaluationReport { FormatVersion = 7, RunId = run, Step = 5, Examples = 10 }.ToJson(), Token);

        var refused = await RefusedAsync(silo.Models.ListEvaluationsAsync(new GetRunRequest { RunId = run }, cancellationToken: Token));

        Assert.Equal(
            (StatusCode.FailedPrecondition, $"{path} has format version 7; this build reads version 1. Use the build that wrote the file, or delete it and evaluate the step again."),
            (refused.StatusCode, refused.Detail));
    }

    public static TheoryData<string, Func<Models.ModelsClient, ModelRef, Task>> Excesses { get; } = new()
    {
        { "count is 1025; it must be between 1 and 1024.", (models, model) => models.Sample(new SampleRequest { Model = model, Count = 1025 }).ResponseStream.MoveNext(Token) },
        { "count is 513; it must be between 1 and 512.", (models, model) => models.Reconstruct(new ReconstructRequest { Model = model, Count = 513 }).ResponseStream.MoveNext(Token) },
        { "steps is 1; it must be between 2 and 64.", (models, model) => models.Interpolate(new InterpolateRequest { Model = model, Steps = 1 }).ResponseStream.MoveNext(Token) },
        { "range is 11; it must be above 0 and at most 10.", (models, model) => models.Traverse(new TraverseRequest { Model = model, Steps = 3, Range = 11 }).ResponseStream.MoveNext(Token) },
        { "65 dimensions are requested; one call shows at most 64. Request the others in further calls.", (models, model) => models.Traverse(new TraverseRequest { Model = model, Steps = 3, Range = 1, Dimensions = { new int[65] } }).ResponseStream.MoveNext(Token) },
        { "side is 65; it must be between 2 and 64.", (models, model) => models.Manifold(new ManifoldRequest { Model = model, Side = 65 }).ResponseStream.MoveNext(Token) },
        { "count is 10001; it must be between 1 and 10000.", (models, model) => models.Scatter(new ScatterRequest { Model = model, Count = 10_001 }).ResponseStream.MoveNext(Token) },
        { "count is 6554; with 20 latent dimensions one call returns between 1 and 6553 rows; 0 returns as many as fit. Request the others in further calls.", (models, model) => models.EncodeAsync(new EncodeRequest { Model = model, Count = 6554 }).ResponseAsync },
        { "samples is 5001; it must be between 0 and 5000.", (models, model) => models.Evaluate(new EvaluateRequest { Model = model, Samples = 5001 }).ResponseStream.MoveNext(Token) },
        { "model.step is -1; it must be the step of a checkpoint, or 0 for the newest weights.", (models, model) => models.Sample(new SampleRequest { Model = new ModelRef { RunId = model.RunId, Step = -1 }, Count = 1 }).ResponseStream.MoveNext(Token) },
    };

    [Theory]
    [MemberData(nameof(Excesses))]
    public async Task Call_ThatAsksForTooMuch_IsInvalid_AndSaysTheBound(string message, Func<Models.ModelsClient, ModelRef, Task> call)
    {
        var run = await RunWithCheckpointsAsync("bounded", 5);

        var refused = (await Assert.ThrowsAsync<RpcException>(() => call(silo.Models, new ModelRef { RunId = run }))).Status;

        Assert.Equal((StatusCode.InvalidArgument, message), (refused.StatusCode, refused.Detail));
    }

    [Fact]
    public async Task Plot_ThatWouldNotFitInMemory_IsRefused_BeforeItIsRendered()
    {
        var run = await RunWithCheckpointsAsync("large", [5], "data.imageSize=256", "data.channels=3", "data.count=12", "data.test=2", "model.hidden=[2]", "training.batch=4");
        var model = new ModelRef { RunId = run };

        var manifold = await RefusedAsync(silo.Models.Manifold(new ManifoldRequest { Model = model, Side = 64, Dimensions = { 0, 1 } }, cancellationToken: Token).ResponseStream);
        var samples = await RefusedAsync(silo.Models.Sample(new SampleRequest { Model = model, Count = 342 }, cancellationToken: Token).ResponseStream);
        var traversal = await RefusedAsync(silo.Models.Traverse(new TraverseRequest { Model = model, Range = 3, Steps = 18 }, cancellationToken: Token).ResponseStream);

        Assert.Equal((StatusCode.InvalidArgument, "4096 images of 3x256x256 are 805306368 values; one grid has at most 67108864, which are 341 such images. Ask for fewer."), (manifold.StatusCode, manifold.Detail));
        Assert.StartsWith("342 images of 3x256x256 ", samples.Detail, StringComparison.Ordinal);
        Assert.StartsWith("360 images of 3x256x256 ", traversal.Detail, StringComparison.Ordinal);
        Assert.Equal(["samples.png"], await NamesAsync(silo.Models.Sample(new SampleRequest { Model = model, Count = 3 }, cancellationToken: Token)));
    }

    private IAsyncStreamReader<PlotChunk> Sample(string run, long step = 0) =>
        silo.Models.Sample(new SampleRequest { Model = new ModelRef { RunId = run, Step = step }, Count = 4 }, cancellationToken: Token).ResponseStream;

    private async Task<bool> BeginsAsync(string run, CancellationToken token)
    {
        using var call = silo.Models.Evaluate(new EvaluateRequest { Model = new ModelRef { RunId = run }, Samples = 7 }, cancellationToken: token);
        try
        {
            return await call.ResponseStream.MoveNext(token);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.FailedPrecondition)
        {
            return false;
        }
    }

    private static async Task<List<PlotChunk>> CollectAsync(IAsyncStreamReader<PlotChunk> stream) => await stream.ReadAllAsync(Token).ToListAsync(Token);

    private static async Task<IEnumerable<string>> NamesAsync(AsyncServerStreamingCall<PlotChunk> call)
    {
        var pieces = await CollectAsync(call.ResponseStream);
        Assert.All(pieces, piece => Assert.NotEmpty(piece.Content));
        return pieces.Select(piece => piece.Name).Distinct();
    }

    private Task<string> RunWithCheckpointsAsync(string name, params long[] steps) => silo.SubmitWithCheckpointsAsync(name, steps);

    private Task<string> RunWithCheckpointsAsync(string name, long[] steps, params string[] settings) => silo.SubmitWithCheckpointsAsync(name, steps, settings);
}
