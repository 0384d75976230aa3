using VaeCluster.Contracts.V1;
using VaeCluster.EndToEnd.Chaos;

namespace VaeCluster.EndToEnd;

/// <summary>A Redis that is down, goes away or forgets everything, under silos whose membership it keeps.</summary>
public sealed class RedisTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>A silo that is asked to stop ends within this, whatever does not answer; and a second for a busy machine.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(11);

    private static readonly SubmitRequest LongRun = new()
    {
        Spec = "name: long",
        Overrides = { "data.count=1000", "data.test=100", "data.imageSize=16", "model.hidden=[32]", "model.latent=2", "training.batch=50", "training.epochs=100000", "training.shards=2", "checkpoint.every=200" },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_WithoutRedis_EndsWith1_AndSaysWhatToDo()
    {
        var port = LoopbackPorts.Free(1)[0];
        await using var silo = SiloProcess.Begin("--devices", "none", "--redis", $"127.0.0.1:{port}");

        Assert.Equal(1, await silo.ExitAsync(Limit));

        Assert.StartsWith($"vaesilo: --redis names Redis 127.0.0.1:{port}, which does not answer: ", silo.Output, StringComparison.Ordinal);
        Assert.EndsWith("Start Redis, or give the address at which it answers, and start this silo again.", silo.Output.Trim(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", silo.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Loss_OfRedis_StopsNoTraining_AndASiloThatIsAskedToStopEndsInTime()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var silo = await SiloProcess.StartAsync("cpu:1", null, "--redis", $"127.0.0.1:{redis.Port}");
        var run = await silo.Cluster.Runs.SubmitAsync(LongRun, cancellationToken: Token);
        await ReachesAsync(silo, run.RunId, 50);

        await redis.KillAsync();
        var step = (await RunCalls.GetAsync(silo, run.RunId))!.Progress.Step;
        await ReachesAsync(silo, run.RunId, step + 500);
        await silo.StopAsync(StopLimit);
        await redis.RestartAsync();
        await using var next = await SiloProcess.StartAsync("cpu:1", silo.DataDir, "--redis", $"127.0.0.1:{redis.Port}");
        await ReachesAsync(next, run.RunId, step + 1000);

        var resumed = await next.Cluster.Runs.CancelAsync(new GetRunRequest { RunId = run.RunId }, cancellationToken: Token);
        Assert.Equal(Phase.Cancelled, resumed.Phase);
    }

    [Fact]
    public async Task Redis_ThatIsEmptied_StopsNoTraining_OrEndsTheSilo_AndTheRunGoesOnAfterARestart()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var silo = await SiloProcess.StartAsync("cpu:1", null, "--redis", $"127.0.0.1:{redis.Port}");
        var run = await silo.Cluster.Runs.SubmitAsync(LongRun, cancellationToken: Token);
        await ReachesAsync(silo, run.RunId, 50);

        await redis.EmptyAsync();
        var step = (await RunCalls.GetAsync(silo, run.RunId))!.Progress.Step;
        await ReachesAsync(silo, run.RunId, step + 500);
        await silo.StopAsync(StopLimit);
        await using var next = await SiloProcess.StartAsync("cpu:1", silo.DataDir, "--redis", $"127.0.0.1:{redis.Port}");

        await ReachesAsync(next, run.RunId, step + 1000);
    }

    private static Task<Run> ReachesAsync(SiloProcess silo, string runId, long step) => Eventually.GetAsync(
        $"Step {step} of {runId}",
        async () => await RunCalls.GetAsync(silo, runId) is { } run && run.Progress.Step >= step ? run : null,
        Limit);
}
