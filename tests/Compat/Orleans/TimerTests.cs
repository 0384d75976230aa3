using Microsoft.Extensions.Logging;
using VaeCluster.Tests.OrleansCompat.Grains;
using VaeCluster.Tests.OrleansCompat.Support;

namespace VaeCluster.Tests.OrleansCompat;

public sealed class TimerTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(10);
    private TestCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await TestCluster.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Timer_WithPeriod_TicksUntilDisposed()
    {
        var grain = Grain();

        await grain.Start(Soon, Soon, interleave: false);
        await Eventually.TrueAsync(async () => await grain.Ticks() >= 3, () => "three ticks");
        await grain.Stop();

        Assert.Equal(0, await grain.TicksDuring(100));
    }

    [Fact]
    public async Task Timer_WithInfinitePeriod_TicksOnce()
    {
        var grain = Grain();

        await grain.Start(Soon, Timeout.InfiniteTimeSpan, interleave: true);
        await Eventually.TrueAsync(async () => await grain.Ticks() == 1, () => "a tick");

        Assert.Equal(0, await grain.TicksDuring(100));
    }

    [Fact]
    public async Task Timer_NotInterleaving_WaitsForTheCallThatRuns()
    {
        var grain = Grain();

        await grain.Start(Soon, Soon, interleave: false);

        Assert.Equal(0, await grain.TicksDuring(200));
        await Eventually.TrueAsync(async () => await grain.Ticks() > 0, () => "ticks after the call");
    }

    [Fact]
    public async Task Timer_Interleaving_TicksWhileACallRuns()
    {
        var grain = Grain();

        await grain.Start(Soon, Soon, interleave: true);

        Assert.True(await grain.TicksDuring(500) > 1);
    }

    [Fact]
    public async Task Timer_ThatFails_IsLoggedAndGoesOn()
    {
        var grain = Grain();

        await grain.Start(Soon, Soon, interleave: false);
        await grain.Fail();
        var ticks = await grain.Ticks();

        await Eventually.TrueAsync(async () => await grain.Ticks() > ticks + 2, () => "ticks after a failed one");
        Assert.True(_cluster[0].Log.Has(LogLevel.Warning, $"A timer of {grain.GetGrainId()} failed"));
    }

    [Fact]
    public async Task Timer_WithNegativeDueTime_IsRefused()
    {
        var exception = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Grain().Start(TimeSpan.FromSeconds(-5), Soon, interleave: false));

        Assert.Contains("dueTime", exception.Message);
    }

    private ITimerGrain Grain() => _cluster.Grains.GetGrain<ITimerGrain>(Guid.NewGuid().ToString("N"));
}
