using Grpc.Core;
using VaeCluster.Contracts.V1;
using static VaeCluster.EndToEnd.RunCalls;

namespace VaeCluster.EndToEnd;

/// <summary>A model, an objective and a data source of an assembly outside of the product, in real silos.</summary>
public sealed class ExtensionTests
{
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromMinutes(1);

    private static readonly string[] Extension = ["--extensions", BuiltRepository.Extension];

    private static readonly string[] Settings =
    [
        "data.source=checkers", "data.count=330", "data.test=80", "data.imageSize=12", "model.kind=strided", "model.hidden=[4, 6]", "model.latent=3",
        "objective.bound=laplace", "objective.sigma=0.2", "training.epochs=3", "training.batch=25", "training.shards=2",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Extension_OnTwoSilos_TrainsToTheWeightsOfOne_AndIsEvaluatedAndExported()
    {
        await using var alone = await SiloProcess.StartAsync("cpu:1", null, Extension);
        await using var first = await SiloProcess.StartAsync("cpu:1", null, ["--name", "first", .. Extension]);
        await using var second = await SiloProcess.JoinAsync(first, ["--name", "second", .. Extension]);

        var two = await RunAsync(second, Request("resources.trainers.min=2", "resources.trainers.max=2"));
        var one = await RunAsync(alone, Request("resources.trainers.max=1"));
        var report = await EvaluateAsync(first, two.RunId);
        var exported = new List<string>();
        foreach (var format in new[] { ExportFormat.Safetensors, ExportFormat.Onnx, ExportFormat.Pytorch })
        {
            var answer = await second.Cluster.Artifacts.ExportAsync(new ExportRequest { RunId = two.RunId, Format = format }, cancellationToken: Token);
            exported.AddRange(answer.Artifacts.Select(artifact => artifact.Name));
        }

        Assert.Contains(two.Conditions, condition => condition.Reason == "Started" && condition.Message.Contains("first/cpu:0", StringComparison.Ordinal) && condition.Message.Contains("second/cpu:0", StringComparison.Ordinal));
        Assert.Equal(one.Results.WeightsSha256, two.Results.WeightsSha256);
        Assert.Equal(one.Results.TestElboNats, two.Results.TestElboNats);
        Assert.Equal((80L, two.Results.TestElboNats), (report.Examples, report.Elbo));
        Assert.Equal(3, report.KlPerDimension.Count);
        Assert.Equal(["model.safetensors", "decoder.onnx", "encoder.onnx", "model.py", "model.safetensors"], exported);
    }

    [Fact]
    public async Task Spec_WithNamesOfAnExtension_IsValidatedByTheSilo_WithTheListOfWhatItHas()
    {
        await using var silo = await SiloProcess.StartAsync("cpu:1", null, Extension);

        var valid = await silo.Cluster.Runs.ValidateAsync(new ValidateRequest { Spec = "name: x", Overrides = { Settings } }, cancellationToken: Token);
        var unknown = await silo.Cluster.Runs.ValidateAsync(new ValidateRequest { Spec = "name: x", Overrides = { "model.kind=striped" } }, cancellationToken: Token);
        var unfit = await silo.Cluster.Runs.ValidateAsync(new ValidateRequest { Spec = "name: x", Overrides = { Settings.Append("data.imageSize=10") } }, cancellationToken: Token);
        var wrong = await silo.Cluster.Runs.ValidateAsync(new ValidateRequest { Spec = "name: x", Overrides = { Settings.Append("objective.samples=2") } }, cancellationToken: Token);

        Assert.Empty(valid.Errors);
        Assert.Equal("model.kind is striped; it must be one of mlp, mlp-2d, iwae-mlp, conv28, conv64, ae, vq, strided.", Assert.Single(unknown.Errors).Problem);
        Assert.Equal("model.kind is strided, which takes images whose height and width are multiples of 4, and the data's are 1x10x10.", Assert.Single(unfit.Errors).Problem);
        Assert.Equal("objective.samples is 2, but laplace draws one z for each example.", Assert.Single(wrong.Errors).Problem);
    }

    [Fact]
    public async Task Silo_WithoutTheExtensionOfItsCluster_IsRefused_AndSaysWhatItLacks()
    {
        await using var first = await SiloProcess.StartAsync("cpu:1", null, Extension);

        await using var second = SiloProcess.Begin(first.DataDir, ["--devices", "cpu:1", "--primary", $"127.0.0.1:{first.SiloPort}", "--name", "second"]);

        Assert.Equal(1, await second.ExitAsync(ExitTimeout));
        Assert.Matches($"vaesilo: Silo second cannot join the silos of the cluster 'vaecluster' that run on {first.DataDir}: it lacks VaeCluster\\.Extensions\\.Sample 0\\.1\\.0\\.0 \\(SHA-256 [0-9a-f]{{16}}\\)\\.", second.Output);
    }

    [Fact]
    public async Task Silo_WithAnExtensionThatCannotBeLoaded_EndsWith1_AndNamesEveryOne()
    {
        await using var silo = SiloProcess.Begin("--devices", "none", "--extensions", "missing.dll,also-missing.dll");

        Assert.Equal(1, await silo.ExitAsync(ExitTimeout));
        Assert.Contains("vaesilo: --extensions names missing.dll, and no such file exists", silo.Output, StringComparison.Ordinal);
        Assert.Contains("vaesilo: --extensions names also-missing.dll, and no such file exists", silo.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("VaeCluster.Extensions.Sample.csproj")]
    [InlineData("SampleExtension.cs")]
    [InlineData("StridedModel.cs")]
    [InlineData("LaplaceObjective.cs")]
    [InlineData("CheckersSource.cs")]
    public void Page_ShowsTheCodeThatIsTested(string file)
    {
        var page = File.ReadAllText(Path.Combine(BuiltRepository.Root, "docs", "extensions.md"));

        Assert.Contains(File.ReadAllText(Path.Combine(BuiltRepository.Root, "tests", "Extensions", file)).TrimEnd(), page, StringComparison.Ordinal);
    }

    private static async Task<Evaluation> EvaluateAsync(SiloProcess silo, string runId)
    {
        using var call = silo.Cluster.Models.Evaluate(new EvaluateRequest { Model = new ModelRef { RunId = runId }, Samples = 5 }, cancellationToken: Token);
        return (await call.ResponseStream.ReadAllAsync(Token).ToListAsync(Token))[^1].Report;
    }

    private static SubmitRequest Request(params string[] overrides) => new() { Spec = "name: outside", Overrides = { Settings.Concat(overrides) } };
}
