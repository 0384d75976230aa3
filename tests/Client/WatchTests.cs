using Grpc.Core;
using VaeCluster.Client.Tests.Fakes;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Tests;

/// <summary>Watching a run, as a person's log and as a program, and over the loss of the server.</summary>
public sealed class WatchTests : IAsyncLifetime
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(30);

    private FakeCluster _cluster = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _cluster = await FakeCluster.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Watch_OfARunThatSucceeds_WritesALineAPhase_AndWhereTheResultsAre()
    {
        Answer(Samples.Pending, Samples.Running, Samples.Succeeded);

        var result = await _cluster.RunAsync("watch", "mnist-1");

        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        Assert.Equal(
        [
            "mnist-1 Pending: The run was accepted.",
            "mnist-1 Running step 50/200 epoch 1/4 elbo -120.13 reconstruction 110.10 kl 10.03 2.0 steps/s 256 samples/s 1m15s left",
            "mnist-1 Succeeded step 200/200 epoch 4/4 elbo -120.13 reconstruction 110.10 kl 10.03 2.0 steps/s 256 samples/s all steps done",
            "Run mnist-1 Succeeded. Test ELBO -100.50 nats.",
            "Weights SHA-256 ab12",
            "Plots, model and metrics are in /data/runs/mnist-1/artifacts",
            "Copy them here with: vaectl artifacts download mnist-1",
        ], result.Lines);
        Assert.DoesNotContain('\e', result.Output);
    }

    [Fact]
    public async Task Submit_WithWatch_OfARunThatFails_ExitsWith1_AndSaysWhy()
    {
        _cluster.Answers.Run = Samples.Failed;

        var result = await VaectlResult.OfAsync(["submit", "-", "--watch", "-s", _cluster.Address.ToString()], "name: x");

        Assert.Equal(ExitCode.Failure, result.ExitCode);
        Assert.Equal("Run mnist-1 was submitted.", result.Lines[0]);
        Assert.Equal("Run mnist-1 Failed. The loss of shard 1 was not finite at step 51.", result.Lines[^1]);
    }

    [Fact]
    public async Task Watch_AsJson_WritesEveryUpdate_AndNothingElse()
    {
        Answer(Samples.Running, Samples.Running, Samples.Succeeded);

        var result = await _cluster.RunAsync("watch", "mnist-1", "-o", "json");

        Assert.Equal([Samples.Running, Samples.Running, Samples.Succeeded], result.Lines.Select(Google.Protobuf.JsonParser.Default.Parse<Run>));
    }

    [Fact]
    public async Task Watch_OfARunThatIsNotThere_ExitsWith3()
    {
        _cluster.Answers.Refusal = new Status(StatusCode.NotFound, "Run 'nope' does not exist.");

        var result = await _cluster.RunAsync("watch", "nope");

        Assert.Equal((ExitCode.NotFound, "vaectl: Run 'nope' does not exist.\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task Watch_WhenTheServerGoesAwayAndComesBack_GoesOnToTheEnd()
    {
        _cluster.Answers.OnWatch = async (stream, context) =>
        {
            await stream.WriteAsync(Samples.Running, Token);
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        };
        using var client = new VaeClusterClient(_cluster.Address);
        await using var updates = client.WatchAsync("mnist-1", WaitTimeout, Token).GetAsyncEnumerator(Token);
        Assert.True(await updates.MoveNextAsync());
        Assert.Equal(Phase.Running, updates.Current.Phase);

        await _cluster.DisposeAsync();
        _cluster = await FakeCluster.StartAsync(_cluster.Address.Port);

        Assert.True(await updates.MoveNextAsync());
        Assert.Equal(Phase.Succeeded, updates.Current.Phase);
        Assert.False(await updates.MoveNextAsync());
    }

    [Fact]
    public async Task Watch_WhenTheSiloSaysThatItStops_AsksAgain()
    {
        var asked = 0;
        _cluster.Answers.OnWatch = (stream, _) => ++asked == 1
            ? throw new RpcException(new Status(StatusCode.Unavailable, "This silo is stopping."))
            : stream.WriteAsync(Samples.Succeeded, Token);

        var result = await _cluster.RunAsync("watch", "mnist-1");

        Assert.Equal((ExitCode.Success, 2), (result.ExitCode, asked));
    }

    [Fact]
    public async Task Watch_WhenNobodyComesBackInTime_Throws()
    {
        using var client = new VaeClusterClient(new Uri("http://127.0.0.1:1"));

        var lost = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await foreach (var _ in client.WatchAsync("mnist-1", TimeSpan.FromMilliseconds(100), Token))
                Assert.Fail("Nobody can have answered.");
        });

        Assert.Equal(StatusCode.Unavailable, lost.StatusCode);
    }

    [Fact]
    public async Task Watch_ThatIsInterrupted_ExitsWith130_AndSaysThatTheRunGoesOn()
    {
        using var interruption = new CancellationTokenSource();
        _cluster.Answers.OnWatch = async (stream, context) =>
        {
            await stream.WriteAsync(Samples.Running, Token);
            await interruption.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        };

        var result = await VaectlResult.OfAsync(["watch", "mnist-1", "-s", _cluster.Address.ToString()], "", interruption.Token);

        Assert.Equal((ExitCode.Interrupted, "vaectl: Interrupted. The run continues; `vaectl cancel` ends it.\n"), (result.ExitCode, result.Error));
    }

    private void Answer(params Run[] updates) => _cluster.Answers.OnWatch = async (stream, _) =>
    {
        foreach (var update in updates)
            await stream.WriteAsync(update, Token);
    };
}
