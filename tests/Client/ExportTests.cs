using Grpc.Core;
using VaeCluster.Client.Tests.Fakes;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Tests;

public sealed class ExportTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vaecluster-export-").FullName;
    private FakeCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await FakeCluster.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("onnx", ExportFormat.Onnx)]
    [InlineData("pytorch", ExportFormat.Pytorch)]
    [InlineData("safetensors", ExportFormat.Safetensors)]
    public async Task Export_CopiesTheFilesThatTheServerNames(string format, ExportFormat asked)
    {
        _cluster.Answers.Files.Clear();
        _cluster.Answers.Files["encoder.onnx"] = [1, 2, 3, 4];
        _cluster.Answers.Files["decoder.onnx"] = [5];

        var result = await _cluster.RunAsync("export", "mnist-1", "--format", format, "--to", _folder);

        Assert.Equal((ExitCode.Success, "vaectl: weights of step 42.\n"), (result.ExitCode, result.Error));
        Assert.Equal(new ExportRequest { RunId = "mnist-1", Format = asked }, Assert.Single(_cluster.Answers.Exports));
        Assert.Equal([1, 2, 3, 4], await File.ReadAllBytesAsync(Path.Combine(_folder, "encoder.onnx"), TestContext.Current.CancellationToken));
        Assert.Equal(["decoder.onnx", "encoder.onnx"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
        Assert.Equal(2, result.Lines.Length);
    }

    [Fact]
    public async Task Export_OfACheckpoint_PutsItsFilesIntoTheFolderItself()
    {
        _cluster.Answers.Files.Clear();
        _cluster.Answers.Files["exports/500/model.safetensors"] = [1, 2];

        var result = await _cluster.RunAsync("export", "mnist-1@500", "--format", "safetensors", "--to", _folder);

        Assert.Equal((ExitCode.Success, $"{Path.Combine(_folder, "model.safetensors")}\n"), (result.ExitCode, result.Output));
        Assert.Equal(new ExportRequest { RunId = "mnist-1", Step = 500, Format = ExportFormat.Safetensors }, Assert.Single(_cluster.Answers.Exports));
        Assert.Equal(["model.safetensors"], Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Export_OfARunWithoutAModel_ExitsWith1_AndSaysWhy()
    {
        _cluster.Answers.Refusal = new Status(StatusCode.FailedPrecondition, "Run 'mnist-1' has no model.");

        var result = await _cluster.RunAsync("export", "mnist-1", "-f", "onnx", "--to", _folder);

        Assert.Equal((ExitCode.Failure, "vaectl: Run 'mnist-1' has no model. (FailedPrecondition)\n"), (result.ExitCode, result.Error));
    }
}
