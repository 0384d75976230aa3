using Grpc.Core;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Contracts.V1;
using VaeCluster.Training.Models;
using VaeCluster.Training.Parameters;

namespace VaeCluster.Silo.Tests.Services;

public sealed class ExportServiceTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ExportFormat.Safetensors, "model.safetensors")]
    [InlineData(ExportFormat.Onnx, "decoder.onnx encoder.onnx")]
    [InlineData(ExportFormat.Pytorch, "model.py model.safetensors")]
    public async Task Export_OfATrainedModel_NamesItsFiles(ExportFormat format, string names)
    {
        var run = await silo.SubmitAsync("trained");
        WriteModel(run);

        var exported = await silo.Artifacts.ExportAsync(new ExportRequest { RunId = run.RunId, Format = format }, cancellationToken: Token);

        Assert.Equal(names.Split(' '), exported.Artifacts.Select(artifact => artifact.Name));
        Assert.All(exported.Artifacts, artifact => Assert.True(artifact.SizeBytes > 1000, $"{artifact.Name} has {artifact.SizeBytes} bytes."));
    }

    [Fact]
    public async Task Export_OfARunWithoutAModel_FailsPrecondition()
    {
        var run = await silo.SubmitAsync("untrained");

        var refused = await RefusedAsync(new ExportRequest { RunId = run.RunId, Format = ExportFormat.Onnx });

        Assert.Equal((StatusCode.FailedPrecondition, $"Run '{run.RunId}' has no model because it is Pending; a run writes its model when its last step is applied."), (refused.StatusCode, refused.Detail));
    }

    [Fact]
    public async Task Export_WithoutAFormOrARun_IsRefused()
    {
        var run = await silo.SubmitAsync("formless");

        Assert.Equal(
            (StatusCode.InvalidArgument, "format is Unspecified; it must be safetensors, onnx or pytorch."),
            (await RefusedAsync(new ExportRequest { RunId = run.RunId })) is var formless ? (formless.StatusCode, formless.Detail) : default);
        Assert.Equal(StatusCode.NotFound, (await RefusedAsync(new ExportRequest { RunId = "nobody-1", Format = ExportFormat.Onnx })).StatusCode);
    }

    private async Task<Status> RefusedAsync(ExportRequest request) =>
        (await Assert.ThrowsAsync<RpcException>(() => silo.Artifacts.ExportAsync(request, cancellationToken: Token).ResponseAsync)).Status;

    /// <summary>What a run leaves at its end, with the weights that it would begin with.</summary>
    private void WriteModel(Run run)
    {
        var spec = RunSpecReader.ReadCanonical(run.Spec);
        var layout = ModelFactory.LayoutOf(spec, new DataDescription(1, 8, 8, 90, 10, ""));
        var parts = Enumerable.Range(0, layout.PartCount).Select(part => new byte[4 * layout.PartAt(part).Length]).ToArray();
        SafetensorsFile.Write(Path.Combine(silo.ArtifactsFolder(run.RunId), "model.safetensors"), layout, parts, new Dictionary<string, string>());
    }
}
