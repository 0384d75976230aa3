using System.Diagnostics;
using System.Text.Json;
using Grpc.Core;
using VaeCluster.Contracts.V1;
using VaeCluster.Tests.Support;

namespace VaeCluster.EndToEnd;

/// <summary>What strangers could do to a running silo: stop it from ending, and write into its log.</summary>
public sealed class HardeningTests : IDisposable
{
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ExitMax = TimeSpan.FromSeconds(5);

    private readonly string _folder = Directory.CreateTempSubdirectory("hardening-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>A named pipe kept a thread for ever, and SIGTERM took 21 s.</summary>
    [Fact]
    public async Task Terminate_AfterAPipeWasSubmitted_EndsWithinFiveSeconds()
    {
        await using var silo = await SiloProcess.StartAsync("none");
        var pipe = SpecialFiles.Pipe(Path.Combine(_folder, "pipe"));
        var calls = Enumerable.Range(0, 4).Select(_ => SubmitAsync(silo, "data.source=idx", $"data.path={pipe}")).ToList();

        var took = await StopAsync(silo);

        Assert.InRange(took, TimeSpan.Zero, ExitMax);
        foreach (var call in calls)
            Assert.True((await call).StatusCode is StatusCode.InvalidArgument or StatusCode.Unavailable, $"{(await call).Status}");
    }

    [Fact]
    public async Task Terminate_WithWatchersAndTraining_EndsWithinFiveSeconds()
    {
        await using var silo = await SiloProcess.StartAsync();
        var request = new SubmitRequest { Spec = "{ name: long, data: { count: 2000, imageSize: 16, test: 100 }, training: { batch: 50, epochs: 1000 } }" };
        var run = await silo.Cluster.Runs.SubmitAsync(request, cancellationToken: Token);
        using var watch = silo.Cluster.Runs.Watch(new GetRunRequest { RunId = run.RunId }, cancellationToken: Token);
        while (await watch.ResponseStream.MoveNext(Token) && watch.ResponseStream.Current.Progress.Step == 0)
        {
            // It trains when a step is done.
        }

        Assert.InRange(await StopAsync(silo), TimeSpan.Zero, ExitMax);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task Log_OfNamesWithControlCharacters_HasNoneOfThem(string format)
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder, "\u001b[2Jgone.png"), [1, 2, 3], Token);
        for (var i = 0; i < 20; i++)
            await File.WriteAllBytesAsync(Path.Combine(_folder, $"{i}.png"), PngWriter.Encode(PngWriter.Grey, 8, 8, [.. Enumerable.Repeat((byte)i, 64)]), Token);
        await using var silo = await SiloProcess.StartAsync("none", null, "--log-format", format);

        var answer = await silo.Cluster.Runs.ValidateAsync(
            new ValidateRequest { Overrides = { "data.source=images", $"data.path={_folder}", "data.badFiles=skip", "data.imageSize=8", "data.test=2" } },
            cancellationToken: Token);

        Assert.Empty(answer.Errors);
        await StopAsync(silo);
        Assert.Contains(format == "json" ? "\\u001B[2Jgone.png" : "\\x1B[2Jgone.png", silo.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', silo.Output);
        if (format == "json")
            Assert.All(silo.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => JsonDocument.Parse(line).Dispose());
    }

    private static async Task<RpcException> SubmitAsync(SiloProcess silo, params string[] overrides) =>
        await Assert.ThrowsAsync<RpcException>(() => silo.Cluster.Runs.SubmitAsync(new SubmitRequest { Overrides = { overrides } }, cancellationToken: Token).ResponseAsync);

    private static async Task<TimeSpan> StopAsync(SiloProcess silo)
    {
        var start = Stopwatch.GetTimestamp();
        await silo.StopAsync(ExitTimeout);
        return Stopwatch.GetElapsedTime(start);
    }
}
