using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime.Messaging;
using VaeCluster.Tests.OrleansCompat.Grains;
using VaeCluster.Tests.OrleansCompat.Support;

namespace VaeCluster.Tests.OrleansCompat;

/// <summary>Calls between two silos: each test finds a grain on the other one, so that the wire is in between.</summary>
public sealed class CallTests : IAsyncLifetime
{
    private TestCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await TestCluster.StartAsync(
        2,
        silo => silo.Configure<SiloMessagingOptions>(options => options.MaxMessageBodySize = 1_000_000));

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Exception_WithInner_KeepsTypeMessageAndStack()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => Fault().Throw("invalid"));

        Assert.Equal("not now", exception.Message);
        Assert.Equal("the inner one", Assert.IsType<FormatException>(exception.InnerException).Message);
        Assert.Contains("FaultGrain.Throw", exception.StackTrace!);
    }

    [Fact]
    public async Task Exception_OfArgument_KeepsItsWholeMessage()
    {
        var exception = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Fault().Throw("argument"));

        Assert.Equal("training.batch is 0 (Parameter 'kind')", exception.Message);
    }

    [Fact]
    public async Task Exception_MarkedForTravel_KeepsItsMembers()
    {
        var exception = await Assert.ThrowsAsync<QuotaException>(() => Fault().Throw("quota"));

        Assert.Equal(("too much", 12), (exception.Message, exception.Limit));
    }

    [Fact]
    public async Task Exception_ThatCannotTravel_IsNamedInText()
    {
        var exception = await Assert.ThrowsAsync<OrleansException>(() => Fault().Throw("strange"));

        Assert.Equal($"{typeof(StrangeException).FullName}: strange 7", exception.Message);
    }

    [Fact]
    public async Task Call_OverTheSizeLimit_FailsAloneAndSaysWhy()
    {
        var grain = Fault();

        var exception = await Assert.ThrowsAsync<InvalidMessageFrameException>(() => grain.Take(new byte[1_000_001]));

        Assert.Matches(
            @"^The call of \S+IFaultGrain\.Take is 10000\d\d bytes; SiloMessagingOptions\.MaxMessageBodySize allows 1000000\. "
            + @"Send it in parts, or raise the limit on every silo and client\.$",
            exception.Message);
        Assert.Equal(900_000, await grain.Take(new byte[900_000]));
    }

    [Fact]
    public async Task Result_OverTheSizeLimit_FailsAloneAndSaysWhy()
    {
        var grain = Fault();

        var exception = await Assert.ThrowsAsync<InvalidMessageFrameException>(() => grain.Bytes(2_000_000));

        Assert.StartsWith($"The answer of {typeof(IFaultGrain).FullName}.Bytes is 20000", exception.Message);
        Assert.Equal(900_000, (await grain.Bytes(900_000)).Length);
    }

    [Fact]
    public async Task Timeout_NamesGrainMethodAndTime()
    {
        var grain = await OnOtherAsync();

        var name = Guid.NewGuid().ToString();
        var exception = await Assert.ThrowsAsync<TimeoutException>(() => grain.PassQuickly(name));
        Gates.Get(name).SetResult();

        Assert.Equal(
            $"Response did not arrive on time in 00:00:00.3000000 for {typeof(IGateGrain).FullName}.PassQuickly of grain {grain.GetGrainId()}, "
            + $"sent to {_cluster[1].Address}. The call may still be running there.",
            exception.Message);
    }

    [Fact]
    public async Task Cancellation_OfARunningCall_CrossesTheWire()
    {
        var grain = await OnOtherAsync();
        var name = Guid.NewGuid().ToString();
        using var cancellation = new CancellationTokenSource();

        var call = grain.PassCancellable(name, cancellation.Token);
        await Gates.Get(name + "-in").Task.InTimeAsync("the call to start");
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Gates.Get(name + "-cancelled").Task.InTimeAsync("the grain's token to fire");
    }

    [Fact]
    public async Task Cancellation_OfAWaitingCall_KeepsItFromRunning()
    {
        var grain = await OnOtherAsync();
        var (first, second) = (Guid.NewGuid().ToString(), Guid.NewGuid().ToString());
        using var cancellation = new CancellationTokenSource();

        var running = grain.Pass(first);
        await Gates.Get(first + "-in").Task.InTimeAsync("the first call to start");
        var waiting = grain.PassCancellable(second, cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        var behindTheCancel = Guid.NewGuid().ToString();
        Gates.Get(behindTheCancel).SetResult();
        await grain.PassInterleaved(behindTheCancel).InTimeAsync("a call on the same connection, behind the cancellation");
        Gates.Get(first).SetResult();
        await running.InTimeAsync("the first call");
        await grain.Threads(1);

        Assert.False(Gates.Get(second + "-in").Task.IsCompleted);
    }

    [Fact]
    public async Task Call_WithCancelledToken_IsNotMade()
    {
        var grain = await OnOtherAsync();
        var name = Guid.NewGuid().ToString();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => grain.PassCancellable(name, new CancellationToken(true)));
        await grain.Threads(1);

        Assert.False(Gates.Get(name + "-in").Task.IsCompleted);
    }

    [Fact]
    public async Task Activation_ThatFails_GivesItsExceptionToCallers()
    {
        var exception = await Assert.ThrowsAsync<NotSupportedException>(() => _cluster.Grains.GetGrain<IBrokenGrain>("x").Hello());

        Assert.Equal("this grain does not start", exception.Message);
        Assert.Contains(_cluster.Silos, silo => silo.Log.Has(LogLevel.Error, "broken/x could not be activated."));
        await _cluster.Grains.GetGrain<IBrokenGrain>("whole").Hello();
    }

    private IFaultGrain Fault() => Enumerable.Range(0, 200)
        .Select(i => _cluster[0].Grains.GetGrain<IFaultGrain>(i))
        .First(grain => IsOnOther(grain));

    private bool IsOnOther(IFaultGrain grain)
    {
        grain.Throw("").Wait(Eventually.Timeout);
        return _cluster[1].Silo.Catalog.Find(grain.GetGrainId()) is not null;
    }

    private async Task<IGateGrain> OnOtherAsync()
    {
        while (true)
        {
            var grain = _cluster[0].Grains.GetGrain<IGateGrain>(Guid.NewGuid().ToString("N"), typeof(GateGrain).FullName);
            await grain.Threads(1);
            if (_cluster[1].Silo.Catalog.Find(grain.GetGrainId()) is not null) return grain;
        }
    }
}
