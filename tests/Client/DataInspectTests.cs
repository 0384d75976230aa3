using System.Text.Json;
using VaeCluster.Client.Tests.Fakes;

namespace VaeCluster.Client.Tests;

public sealed class DataInspectTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vaecluster-inspect-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Inspect_IdxFiles_ReportsShapeValuesAndLabels()
    {
        Write("train-images-idx3-ubyte", 0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255, 51, 0);
        Write("train-labels-idx1-ubyte", 0, 0, 8, 1, 0, 0, 0, 2, 7, 7);

        var result = await VaectlResult.OfAsync("data", "inspect", _folder);

        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        Assert.Equal(
        [
            $"Path            {_folder}",
            "Source          idx",
            "Examples        2",
            "Shape           1x1x2",
            "Values          0 to 1, mean 0.3",
            "Pixels SHA-256  " + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData([0, 255, 51, 0])),
            "Labels          7: 2",
        ], result.Lines);
    }

    [Fact]
    public async Task Inspect_Images_NamesThoseThatAreBad_AndExitsWith1()
    {
        Write("bad.png");
        // A grey pixel of 51, as small as a PNG file can be.
        await File.WriteAllBytesAsync(Path.Combine(_folder, "good.png"), Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGMwBgAANQA0yrSZ7QAAAABJRU5ErkJggg=="), TestContext.Current.CancellationToken);

        var text = await VaectlResult.OfAsync("data", "inspect", _folder);
        var json = await VaectlResult.OfAsync("data", "inspect", _folder, "-o", "json");

        Assert.Equal((ExitCode.Failure, ""), (text.ExitCode, text.Error));
        Assert.Equal([$"Path            {_folder}", "Source          images", "Examples        1", "Shape           1x1x1", "Values          0.2 to 0.2, mean 0.2", "Bad files       1", "  bad.png is empty"], text.Lines);
        using var report = JsonDocument.Parse(Assert.Single(json.Lines));
        Assert.Equal((1, 1, 0.2), (report.RootElement.GetProperty("examples").GetInt32(), report.RootElement.GetProperty("bad_files").GetInt32(), report.RootElement.GetProperty("mean").GetDouble()));
    }

    [Fact]
    public async Task Inspect_OfNothing_ExitsWith2()
    {
        var nowhere = Path.Combine(_folder, "nowhere");

        var result = await VaectlResult.OfAsync("data", "inspect", nowhere);

        Assert.Equal((ExitCode.Usage, $"vaectl: There is no file or folder {nowhere} ({nowhere}). Give a folder of images, or IDX or NumPy files.\n"), (result.ExitCode, result.Error));
    }

    private void Write(string name, params byte[] content) => File.WriteAllBytes(Path.Combine(_folder, name), content);
}
