using Microsoft.Extensions.Logging;
using VaeCluster.Tests.OrleansCompat.Grains;
using VaeCluster.Tests.OrleansCompat.Support;

namespace VaeCluster.Tests.OrleansCompat;

public sealed class SchedulingTests : IAsyncLifetime
{
    private TestCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await TestCluster.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Call_WhileAnotherRuns_Waits()
    {
        var grain = Gate();
        var (first, second) = (Name(), Name());

        var running = await EnterAsync(first, grain.Pass);
        var waiting = grain.Pass(second);
        Gates.Get(second).SetResult();
        await grain.PassInterleaved(OpenGate());

        Assert.False(Gates.Get(second + "-in").Task.IsCompleted);
        Gates.Get(first).SetResult();
        await Task.WhenAll(running, waiting).InTimeAsync("both calls");
    }

    [Fact]
    public async Task AlwaysInterleave_WhileAnotherRuns_Runs()
    {
        var grain = Gate();
        var first = Name();

        var running = await EnterAsync(first, grain.Pass);
        await grain.PassInterleaved(OpenGate()).InTimeAsync("the interleaved call");

        Assert.False(running.IsCompleted);
        Gates.Get(first).SetResult();
        await running.InTimeAsync("the first call");
    }

    [Fact]
    public async Task ReadOnly_BesideReadOnly_RunsAndBesideOthersWaits()
    {
        var grain = Gate();
        var (reader, writer) = (Name(), Name());

        var reading = await EnterAsync(reader, grain.PassReadOnly);
        await grain.PassReadOnly(OpenGate()).InTimeAsync("the second reader");
        var writing = grain.Pass(writer);
        await grain.PassInterleaved(OpenGate());

        Assert.False(Gates.Get(writer + "-in").Task.IsCompleted);
        Gates.Get(reader).SetResult();
        await Gates.Get(writer + "-in").Task.InTimeAsync("the writer to start");
        var lateReader = grain.PassReadOnly(OpenGate());
        await grain.PassInterleaved(OpenGate());
        Assert.False(lateReader.IsCompleted);
        Gates.Get(writer).SetResult();
        await Task.WhenAll(reading, writing, lateReader).InTimeAsync("all calls");
    }

    [Fact]
    public async Task Reentrant_WhileAnotherRuns_Runs()
    {
        var grain = _cluster.Grains.GetGrain<IOpenGateGrain>(Name());
        var first = Name();

        var running = await EnterAsync(first, grain.Pass);
        await grain.Pass(OpenGate()).InTimeAsync("the second call");

        Gates.Get(first).SetResult();
        await running.InTimeAsync("the first call");
    }

    [Fact]
    public async Task Reentrant_ManyContinuations_NeverRunAtOnce()
    {
        var most = await _cluster.Grains.GetGrain<IOpenGateGrain>(Name()).Threads(16).InTimeAsync("the turns");

        Assert.Equal(1, most);
    }

    [Fact]
    public async Task CallOfItself_WhileNotReentrant_TimesOut()
    {
        var grain = Gate();

        var exception = await Assert.ThrowsAsync<TimeoutException>(() => grain.CallSelf(OpenGate()));

        Assert.StartsWith(
            $"Response did not arrive on time in 00:00:00.3000000 for {typeof(IGateGrain).FullName}.PassQuickly of grain {grain.GetGrainId()}",
            exception.Message);
    }

    [Fact]
    public async Task OneWay_ThatBlocks_ReturnsAtOnce()
    {
        var grain = Gate();
        var name = Name();

        await grain.PassOneWay(name).InTimeAsync("the one-way call");

        await Gates.Get(name + "-in").Task.InTimeAsync("the grain to run it");
        Gates.Get(name).SetResult();
    }

    [Fact]
    public async Task OneWay_ThatFails_IsLogged()
    {
        await Gate().FailOneWay();

        await Eventually.TrueAsync(() => _cluster[0].Log.Has(LogLevel.Warning, "one way to fail"), () => "a warning with the exception");
    }

    [Fact]
    public async Task LongTurn_IsLogged()
    {
        var grain = Gate();

        await grain.Block(1100);

        await Eventually.TrueAsync(() => _cluster[0].Log.Has(LogLevel.Warning, $"A turn of {grain.GetGrainId()} took "), () => "a warning of the long turn");
    }

    [Fact]
    public async Task Deactivate_WhileACallRuns_LetsItEndAndMovesTheRest()
    {
        var grain = Gate();
        var (first, second) = (Name(), Name());

        var running = await EnterAsync(first, grain.DeactivateThenPass);
        var waiting = grain.Pass(second);
        Gates.Get(second).SetResult();

        Assert.False(running.IsCompleted);
        Gates.Get(first).SetResult();
        await Task.WhenAll(running, waiting).InTimeAsync("the running call, and the waiting one on the next activation");
    }

    private static string Name() => Guid.NewGuid().ToString("N");

    private static string OpenGate()
    {
        var name = Name();
        Gates.Get(name).SetResult();
        return name;
    }

    private static async Task<Task> EnterAsync(string name, Func<string, Task> call)
    {
        var running = call(name);
        await Gates.Get(name + "-in").Task.InTimeAsync("the call to start");
        return running;
    }

    private IGateGrain Gate() => _cluster.Grains.GetGrain<IGateGrain>(Name(), typeof(GateGrain).FullName);
}
