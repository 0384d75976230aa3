using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using VaeCluster.Silo.Hosting;

namespace VaeCluster.Silo.Tests.Hosting;

/// <summary>A silo that is asked to stop ends, also when the membership answers nothing.</summary>
public sealed class ShutdownWatchTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeLifetime _lifetime = new();
    private readonly Stages _stages = new();
    private readonly List<(int Code, string Reason)> _exits = [];
    private readonly ShutdownWatch _watch;

    public ShutdownWatchTests()
    {
        _watch = new(_lifetime, _time) { Exit = (code, reason) => _exits.Add((code, reason)) };
        _watch.Participate(_stages);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stop_InGoodOrder_IsLeftAlone()
    {
        await _watch.StartAsync(Token);
        var watching = _watch.WatchAsync();
        await _stages.StopAsync(ServiceLifecycleStage.BecomeActive - 1);
        await _stages.StopAsync(ServiceLifecycleStage.RuntimeInitialize + 2);
        await _lifetime.Stopped.CancelAsync();

        await watching.WaitAsync(Limit, Token);

        Assert.Empty(_exits);
    }

    [Fact]
    public async Task Stop_OfWhichTheMembershipDoesNotHear_EndsAfterThreeSeconds()
    {
        var watching = _watch.WatchAsync();

        _time.Advance(TimeSpan.FromSeconds(3) - TimeSpan.FromTicks(1));
        Assert.False(watching.IsCompleted);
        _time.Advance(TimeSpan.FromTicks(1));
        await watching.WaitAsync(Limit, Token);

        var (code, reason) = Assert.Single(_exits);
        Assert.Equal(1, code);
        Assert.StartsWith("the membership did not answer within 3 s, so this silo exits without leaving it", reason);
    }

    [Fact]
    public async Task Stop_WhoseWorkIsBlocked_EndsSoon_AndSaysSo()
    {
        await _stages.StopAsync(ServiceLifecycleStage.BecomeActive - 1);
        var watching = _watch.WatchAsync();

        _time.Advance(TimeSpan.FromSeconds(3.5) - TimeSpan.FromTicks(1));
        Assert.False(watching.IsCompleted);
        _time.Advance(TimeSpan.FromTicks(1));
        await watching.WaitAsync(Limit, Token);

        Assert.Equal((1, "the work of this silo did not end within 3.5 s; its runs continue from their newest checkpoints."), Assert.Single(_exits));
    }

    [Fact]
    public async Task Stop_WhoseLastWordIsNotHeard_EndsWith0_ForItsWorkIsOver()
    {
        await _stages.StopAsync(ServiceLifecycleStage.BecomeActive - 1);
        await _stages.StopAsync(ServiceLifecycleStage.RuntimeInitialize + 2);
        var watching = _watch.WatchAsync();

        _time.Advance(TimeSpan.FromSeconds(1));
        await watching.WaitAsync(Limit, Token);

        Assert.Equal(0, Assert.Single(_exits).Code);
    }

    private sealed class Stages : ISiloLifecycle
    {
        private readonly Dictionary<int, ILifecycleObserver> _observers = [];

        public int HighestCompletedStage => 0;

        public int LowestStoppedStage => 0;

        public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
        {
            _observers[stage] = observer;
            return new MemoryStream();
        }

        public Task StopAsync(int stage) => _observers[stage].OnStop(Token);
    }

    private sealed class FakeLifetime : IHostApplicationLifetime
    {
        public CancellationTokenSource Stopped { get; } = new();

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => Stopped.Token;

        public void StopApplication() => throw new NotSupportedException();
    }
}
