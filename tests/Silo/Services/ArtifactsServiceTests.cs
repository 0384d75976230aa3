using System.Security.Cryptography;
using Grpc.Core;
using VaeCluster.Contracts.V1;
using static VaeCluster.Silo.Tests.Services.RunsServiceTests;

namespace VaeCluster.Silo.Tests.Services;

public sealed class ArtifactsServiceTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task List_OfARunThatLeftNothing_IsEmpty()
    {
        var run = await silo.SubmitAsync("empty");

        Assert.Empty((await silo.Artifacts.ListAsync(new GetRunRequest { RunId = run.RunId }, cancellationToken: Token)).Artifacts);
    }

    [Fact]
    public async Task List_NamesFilesInFolders_AndNoneThatIsBeingWritten()
    {
        var run = await silo.SubmitAsync("files");
        var folder = silo.ArtifactsFolder(run.RunId);
        Directory.CreateDirectory(Path.Combine(folder, "sub"));
        await File.WriteAllTextAsync(Path.Combine(folder, "sub", "b.txt"), "12345", Token);
        await File.WriteAllTextAsync(Path.Combine(folder, "a.png"), "", Token);
        await File.WriteAllTextAsync(Path.Combine(folder, "a.png.partial"), "half", Token);

        var listed = (await silo.Artifacts.ListAsync(new GetRunRequest { RunId = run.RunId }, cancellationToken: Token)).Artifacts;

        Assert.Equal([("a.png", 0L), ("sub/b.txt", 5L)], listed.Select(artifact => (artifact.Name, artifact.SizeBytes)));
    }

    [Fact]
    public async Task Download_OfALargeFile_GivesItsBytesInPiecesOfAMebibyte()
    {
        var run = await silo.SubmitAsync("large");
        var content = RandomNumberGenerator.GetBytes((5 << 19) + 3);
        await File.WriteAllBytesAsync(Path.Combine(silo.ArtifactsFolder(run.RunId), "model.safetensors"), content, Token);

        using var call = silo.Artifacts.Download(new DownloadRequest { RunId = run.RunId, Name = "model.safetensors" }, cancellationToken: Token);
        var pieces = await call.ResponseStream.ReadAllAsync(Token).Select(chunk => chunk.Content.ToByteArray()).ToListAsync(Token);

        Assert.Equal(content, pieces.SelectMany(piece => piece));
        Assert.All(pieces, piece => Assert.InRange(piece.Length, 1, 1 << 20));
    }

    /// <summary>A link to /etc in a run's folder listed and served all of it.</summary>
    [Fact]
    public async Task List_FollowsNoLinks_AndDownloadNeither()
    {
        var run = await silo.SubmitAsync("linked");
        var folder = silo.ArtifactsFolder(run.RunId);
        Directory.CreateSymbolicLink(Path.Combine(folder, "etc"), "/etc");
        File.CreateSymbolicLink(Path.Combine(folder, "passwd"), "/etc/passwd");
        File.CreateSymbolicLink(Path.Combine(silo.RunFolder(run.RunId), "metrics.jsonl"), "/etc/passwd");
        await File.WriteAllTextAsync(Path.Combine(folder, "own.txt"), "1", Token);

        Assert.Equal(["own.txt"], await NamesAsync(run.RunId));
        Assert.Equal(StatusCode.NotFound, (await DownloadRefusedAsync(run.RunId, "etc/passwd")).StatusCode);
        Assert.Equal(StatusCode.NotFound, (await DownloadRefusedAsync(run.RunId, "passwd")).StatusCode);
        Assert.Equal(StatusCode.NotFound, (await DownloadRefusedAsync(run.RunId, "metrics.jsonl")).StatusCode);
    }

    [Fact]
    public async Task List_OfARunWhoseFolderIsALink_IsEmpty()
    {
        var run = await silo.SubmitAsync("elsewhere");
        Directory.CreateSymbolicLink(Path.Combine(silo.RunFolder(run.RunId), "artifacts"), "/etc");

        Assert.Empty(await NamesAsync(run.RunId));
        Assert.Equal(StatusCode.NotFound, (await DownloadRefusedAsync(run.RunId, "passwd")).StatusCode);
    }

    private async Task<IEnumerable<string>> NamesAsync(string runId) =>
        (await silo.Artifacts.ListAsync(new GetRunRequest { RunId = runId }, cancellationToken: Token)).Artifacts.Select(artifact => artifact.Name);

    private async Task<Status> DownloadRefusedAsync(string runId, string name)
    {
        using var call = silo.Artifacts.Download(new DownloadRequest { RunId = runId, Name = name }, cancellationToken: Token);
        return await RefusedAsync(call.ResponseStream);
    }

    [Theory]
    [InlineData("../run.json")]
    [InlineData("/etc/passwd")]
    [InlineData("./a.png")]
    [InlineData("")]
    public async Task Download_OfANameThatTheListLacks_IsNotFound_AndSaysWhatThereIs(string name)
    {
        var run = await silo.SubmitAsync("kept");
        await File.WriteAllTextAsync(Path.Combine(silo.ArtifactsFolder(run.RunId), "a.png"), "", Token);

        using var call = silo.Artifacts.Download(new DownloadRequest { RunId = run.RunId, Name = name }, cancellationToken: Token);
        var refused = await RefusedAsync(call.ResponseStream);

        Assert.Equal((StatusCode.NotFound, $"Run '{run.RunId}' has no file '{name}'; it has a.png."), (refused.StatusCode, refused.Detail));
    }
}
