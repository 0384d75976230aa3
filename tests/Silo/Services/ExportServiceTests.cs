using Grpc.Core;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Silo.Tests.Services;

public sealed class ExportServiceTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ExportFormat.Safetensors, "model.safetensors")]
    [InlineData(ExportFormat.Onnx, "decoder.onnx encoder.onnx")]
    [InlineData(ExportFormat.Pytorch, "model.py model.safetensors")]
    public async Task Export_OfACheckpoint_NamesItsFiles_WhichStayWhenTheCheckpointGoes(ExportFormat format, string names)
    {
        var run = await silo.SubmitWithCheckpointsAsync("trains", [10, 40]);

        var exported = await ExportAsync(new ExportRequest { RunId = run, Format = format, Step = 10 });
        Directory.Delete(Path.Combine(silo.RunFolder(run), "checkpoints", "10"), recursive: true);
        var listed = await silo.Artifacts.ListAsync(new GetRunRequest { RunId = run }, cancellationToken: Token);

        Assert.Equal(10, exported.Step);
        Assert.Equal(names.Split(' ').Select(name => $"exports/10/{name}"), exported.Artifacts.Select(artifact => artifact.Name));
        Assert.All(exported.Artifacts, artifact => Assert.True(artifact.SizeBytes > 1000, $"{artifact.Name} has {artifact.SizeBytes} bytes."));
        Assert.Superset(exported.Artifacts.ToHashSet(), listed.Artifacts.ToHashSet());
    }

    [Fact]
    public async Task Export_OfARunThatTrains_TakesItsNewestCheckpoint()
    {
        var run = await silo.SubmitWithCheckpointsAsync("newest", [10, 40]);

        var newest = await ExportAsync(new ExportRequest { RunId = run, Format = ExportFormat.Safetensors });

        Assert.Equal(40, newest.Step);
        Assert.Equal(
            await File.ReadAllBytesAsync(Path.Combine(silo.RunFolder(run), "checkpoints", "40", "model.safetensors"), Token),
            await File.ReadAllBytesAsync(Path.Combine(silo.ArtifactsFolder(run), Assert.Single(newest.Artifacts).Name), Token));
    }

    [Fact]
    public async Task Export_OfARunWithoutWeights_FailsPrecondition()
    {
        var run = await silo.SubmitWithCheckpointsAsync("untrained", []);
        var other = await silo.SubmitWithCheckpointsAsync("young", [10]);

        var young = await RefusedAsync(new ExportRequest { RunId = run, Format = ExportFormat.Onnx });
        var gone = await RefusedAsync(new ExportRequest { RunId = other, Format = ExportFormat.Onnx, Step = 5 });

        Assert.Equal((StatusCode.FailedPrecondition, $"Run '{run}' is Pending at step 0 and has written no checkpoint yet, so there are no weights to use. Wait for the first one; checkpoint.every sets when they are written."), (young.StatusCode, young.Detail));
        Assert.Equal((StatusCode.FailedPrecondition, $"Run '{other}' has no weights of step 5; it keeps those of 10. Leave the step out to take the newest."), (gone.StatusCode, gone.Detail));
    }

    [Fact]
    public async Task Export_OfADamagedCheckpoint_IsDataLoss()
    {
        var run = await silo.SubmitWithCheckpointsAsync("damaged", [10]);
        var path = Path.Combine(silo.RunFolder(run), "checkpoints", "10", "model.safetensors");
        var bytes = await File.ReadAllBytesAsync(path, Token);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Token);

        Assert.Equal(StatusCode.DataLoss, (await RefusedAsync(new ExportRequest { RunId = run, Format = ExportFormat.Onnx })).StatusCode);
    }

    [Fact]
    public async Task Export_WithoutAFormOrARun_IsRefused()
    {
        var run = await silo.SubmitAsync("formless");

        Assert.Equal(
            (StatusCode.InvalidArgument, "format is Unspecified; it must be safetensors, onnx or pytorch."),
            (await RefusedAsync(new ExportRequest { RunId = run.RunId })) is var formless ? (formless.StatusCode, formless.Detail) : default);
        Assert.Equal("model.step is -1; it must be the step of a checkpoint, or 0 for the newest weights.", (await RefusedAsync(new ExportRequest { RunId = run.RunId, Format = ExportFormat.Onnx, Step = -1 })).Detail);
        Assert.Equal(StatusCode.NotFound, (await RefusedAsync(new ExportRequest { RunId = "nobody-1", Format = ExportFormat.Onnx })).StatusCode);
    }

    private async Task<ExportResponse> ExportAsync(ExportRequest request) => await silo.Artifacts.ExportAsync(request, cancellationToken: Token);

    private async Task<Status> RefusedAsync(ExportRequest request) =>
        (await Assert.ThrowsAsync<RpcException>(() => silo.Artifacts.ExportAsync(request, cancellationToken: Token).ResponseAsync)).Status;
}
