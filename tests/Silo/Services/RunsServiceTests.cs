using Grpc.Core;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Silo.Tests.Services;

public sealed class RunsServiceTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private const string NoSuchRun = "Run 'nope-1' does not exist. `vaectl list` lists the runs.";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Submit_WithABadSpec_IsInvalid_WithEveryFaultOnALineOfItsOwn()
    {
        var request = new SubmitRequest { Spec = "name: x\ntraining:\n  batch: 0\n  epoch: 5\nmodel:\n  latent: many\n", Overrides = { "seed" } };

        var refused = await RefusedAsync(silo.Runs.SubmitAsync(request, cancellationToken: Token));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Equal(
        [
            "The override 'seed' has no field before a '='; it must read path=value. Write it like training.epochs=5.",
            "line 3: training.batch is 0; it must be between 1 and 65536. Set it to a whole number such as 1.",
            "line 4: training.epoch is not a field of the spec. Did you mean training.epochs?",
            "line 6: model.latent is many; it must be a whole number between 1 and 4096. Set it to a whole number such as 1.",
        ], refused.Detail.Split('\n'));
        Assert.DoesNotContain((await silo.Runs.ListAsync(new ListRunsRequest(), cancellationToken: Token)).Runs, run => run.RunId.StartsWith("x-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Submit_WithDataThatIsNotThere_IsInvalid_AndNamesTheField()
    {
        var refused = await RefusedAsync(silo.Runs.SubmitAsync(new SubmitRequest { Spec = $"{{ name: x, data: {{ source: idx, path: {Path.GetTempPath()}nowhere }} }}" }, cancellationToken: Token));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.StartsWith($"data.path is {Path.GetTempPath()}nowhere, and there is no such file or folder", refused.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_WithAModelThatTheDataDoNotFit_IsInvalid_AndSaysBothShapes()
    {
        var refused = await RefusedAsync(silo.Runs.SubmitAsync(new SubmitRequest { Spec = "model: { kind: conv28 }\ndata: { count: 20, test: 4, imageSize: 32 }" }, cancellationToken: Token));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Equal("model.kind is conv28, which takes images of 1x28x28, and the data's are 1x32x32. Choose a model of any size such as mlp, or set data.imageSize to 28 and data.channels to 1.", refused.Detail);
    }

    [Fact]
    public async Task Submit_WithAValidSpec_IsPending_AndEveryCallKnowsIt()
    {
        var run = await silo.SubmitAsync("valid");

        var got = await silo.Runs.GetAsync(new GetRunRequest { RunId = run.RunId }, cancellationToken: Token);
        var listed = (await silo.Runs.ListAsync(new ListRunsRequest { Phases = { Phase.Pending } }, cancellationToken: Token)).Runs;
        var others = (await silo.Runs.ListAsync(new ListRunsRequest { Phases = { Phase.Succeeded } }, cancellationToken: Token)).Runs;

        Assert.Equal(Phase.Pending, run.Phase);
        Assert.Equal("The run was accepted.", run.Conditions[0].Message);
        Assert.Contains("\"batch\": 10", got.Spec, StringComparison.Ordinal);
        Assert.EndsWith($"runs/{run.RunId}/artifacts", got.ArtifactsPath, StringComparison.Ordinal);
        Assert.Contains(listed, entry => entry.RunId == run.RunId && entry.Spec.Length == 0);
        Assert.Empty(others);
    }

    [Fact]
    public async Task Cancel_OfAWaitingRun_EndsIt_AndItsWatch()
    {
        var run = await silo.SubmitAsync("cancelled");
        using var watch = silo.Runs.Watch(new GetRunRequest { RunId = run.RunId }, cancellationToken: Token);
        Assert.True(await watch.ResponseStream.MoveNext(Token));

        var cancelled = await silo.Runs.CancelAsync(new GetRunRequest { RunId = run.RunId }, cancellationToken: Token);
        var again = await silo.Runs.CancelAsync(new GetRunRequest { RunId = run.RunId }, cancellationToken: Token);
        var phases = await watch.ResponseStream.ReadAllAsync(Token).Select(update => update.Phase).ToListAsync(Token);

        Assert.Equal(Phase.Cancelled, cancelled.Phase);
        Assert.Matches("^The run was cancelled by ipv4:127.0.0.1:\\d+ at step 0.$", cancelled.Conditions[^1].Message);
        Assert.Equal(cancelled, again);
        Assert.Equal(Phase.Cancelled, phases[^1]);
    }

    [Fact]
    public async Task Validate_WithABadSpec_AnswersWithTheFaults()
    {
        var response = await silo.Runs.ValidateAsync(new ValidateRequest { Spec = "name: x\nseed: -1" }, cancellationToken: Token);

        var error = Assert.Single(response.Errors);
        Assert.Equal(("seed", 2, ""), (error.Path, error.Line, response.Spec));
    }

    [Fact]
    public async Task EveryCall_ForARunThatIsNotThere_IsNotFound()
    {
        var request = new GetRunRequest { RunId = "nope-1" };
        using var watch = silo.Runs.Watch(request, cancellationToken: Token);
        using var logs = silo.Runs.Logs(new LogsRequest { RunId = "nope-1" }, cancellationToken: Token);

        Status[] refused =
        [
            await RefusedAsync(silo.Runs.GetAsync(request, cancellationToken: Token)),
            await RefusedAsync(silo.Runs.CancelAsync(request, cancellationToken: Token)),
            await RefusedAsync(silo.Runs.AuditRunAsync(request, cancellationToken: Token)),
            await RefusedAsync(silo.Artifacts.ListAsync(request, cancellationToken: Token)),
            await RefusedAsync(watch.ResponseStream),
            await RefusedAsync(logs.ResponseStream),
        ];

        Assert.All(refused, status => Assert.Equal((StatusCode.NotFound, NoSuchRun), (status.StatusCode, status.Detail)));
    }

    [Theory]
    [InlineData("../../etc")]
    [InlineData("a/b")]
    [InlineData(".")]
    public async Task Get_WithAnIdThatWouldLeadOutOfTheFolder_IsRefused(string runId)
    {
        var refused = await RefusedAsync(silo.Runs.GetAsync(new GetRunRequest { RunId = runId }, cancellationToken: Token));

        Assert.Equal((StatusCode.NotFound, $"Run '{runId}' does not exist. `vaectl list` lists the runs."), (refused.StatusCode, refused.Detail));
    }

    [Fact]
    public async Task Get_WithoutAnId_IsInvalid()
    {
        var refused = await RefusedAsync(silo.Runs.GetAsync(new GetRunRequest(), cancellationToken: Token));

        Assert.Equal((StatusCode.InvalidArgument, "run_id is empty; it must name a run. `vaectl list` lists the runs."), (refused.StatusCode, refused.Detail));
    }

    [Fact]
    public async Task Submit_WithAMessageOfFiveMebibytes_IsRefusedBeforeItIsRead()
    {
        var refused = await RefusedAsync(silo.Runs.SubmitAsync(new SubmitRequest { Spec = new string('#', 5 << 20) }, cancellationToken: Token));

        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
    }

    internal static async Task<Status> RefusedAsync<T>(AsyncUnaryCall<T> call) => (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).Status;

    internal static async Task<Status> RefusedAsync<T>(IAsyncStreamReader<T> stream) =>
        (await Assert.ThrowsAsync<RpcException>(() => stream.MoveNext(Token))).Status;
}
