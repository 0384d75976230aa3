using System.Collections.Immutable;
using VaeCluster.Contracts.Evaluations;
using VaeCluster.Contracts.Runs;
using VaeCluster.Grains.Trainers;

namespace VaeCluster.Grains.Tests.Trainers;

/// <summary>How a trainer that has lost its parameter server wakes the run, and learns that there is nothing to wake.</summary>
public sealed class RunWakerTests
{
    private readonly FakeRun _run = new();
    private readonly PauseLog _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wake_TheFirstTimes_IsQuick_AndDoesNotWaitForAnAnswer()
    {
        var waker = new RunWaker(_run, _time);
        _run.Answer = () => new TaskCompletionSource<RunSnapshot>().Task;

        await WakeAsync(waker, RunWaker.CloseWakes);

        Assert.Equal(RunWaker.CloseWakes, _run.Wakes);
        Assert.All(_time.Pauses, pause => Assert.Equal(RunWaker.PauseMin, pause));
    }

    [Fact]
    public async Task Wake_InVain_ComesMoreRarely_UntilTheServerAnswers()
    {
        var waker = new RunWaker(_run, _time);
        _run.Answer = () => Task.FromResult(Snapshot(RunPhase.Running));

        await WakeAsync(waker, RunWaker.CloseWakes + 10);
        var pauses = _time.Pauses.Where(pause => pause != TimeSpan.FromSeconds(2)).Skip(RunWaker.CloseWakes).Select(pause => pause.TotalSeconds).ToList();
        _time.Pauses.Clear();
        waker.OnAnswered();
        await WakeAsync(waker, 1);

        Assert.Equal([0.2, 0.4, 0.8, 1.6, 3.2, 5, 5, 5, 5, 5], pauses);
        Assert.Equal([RunWaker.PauseMin], _time.Pauses);
    }

    [Theory]
    [InlineData(RunPhase.Succeeded, false)]
    [InlineData(RunPhase.Cancelled, false)]
    [InlineData(RunPhase.Paused, false)]
    [InlineData(RunPhase.Pending, true)]
    [InlineData(RunPhase.Running, true)]
    public async Task Wake_OfARunThatHasEnded_SaysSo(RunPhase phase, bool isActive)
    {
        var waker = new RunWaker(_run, _time);
        _run.Answer = () => Task.FromResult(Snapshot(phase));

        await WakeAsync(waker, RunWaker.CloseWakes);

        Assert.Equal(isActive, await waker.WakeAsync(Token));
    }

    [Fact]
    public async Task Wake_OfARunThatNeverWas_SaysSo()
    {
        _run.Answer = () => Task.FromException<RunSnapshot>(new KeyNotFoundException());

        Assert.False(await new RunWaker(_run, _time).IsActiveAsync());
    }

    [Fact]
    public async Task Wake_OfARunThatCannotBeReached_PausesAllTheSame_AndHangsNoLongerThanItsPatience()
    {
        var waker = new RunWaker(_run, _time);
        await WakeAsync(waker, RunWaker.CloseWakes);
        _run.Answer = () => Task.FromException<RunSnapshot>(new SiloUnavailableException("It is gone."));
        await Assert.ThrowsAsync<SiloUnavailableException>(() => waker.WakeAsync(Token));
        Assert.Equal(0.2, _time.Pauses[^1].TotalSeconds);

        _run.Answer = () => new TaskCompletionSource<RunSnapshot>().Task;
        await Assert.ThrowsAsync<TimeoutException>(() => waker.WakeAsync(Token));
        Assert.Equal([2, 0.4], _time.Pauses.TakeLast(2).Select(pause => pause.TotalSeconds));
    }

    private static async Task WakeAsync(RunWaker waker, int times)
    {
        for (var wake = 0; wake < times; wake++)
            Assert.True(await waker.WakeAsync(Token));
    }

    private static RunSnapshot Snapshot(RunPhase phase) => new() { RunId = "run-1", Phase = phase };

    /// <summary>Time that writes down how long it was to wait, and does not.</summary>
    private sealed class PauseLog : TimeProvider
    {
        public List<TimeSpan> Pauses { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Pauses.Add(dueTime);
            return System.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }

    private sealed class FakeRun : IRunGrain
    {
        public int Wakes { get; private set; }

        public Func<Task<RunSnapshot>> Answer { get; set; } = () => throw new InvalidOperationException("Nobody was to ask.");

        public Task WakeAsync()
        {
            Wakes++;
            return Task.CompletedTask;
        }

        public Task<RunSnapshot> GetAsync() => Answer();

        public Task<RunSnapshot> SubmitAsync(RunPlan plan) => throw new NotSupportedException();

        public Task<RunSnapshot> WaitAsync(long version, TimeSpan patience) => throw new NotSupportedException();

        public Task<RunSnapshot> CancelAsync(string who) => throw new NotSupportedException();

        public Task<RunSnapshot> PauseAsync(string who) => throw new NotSupportedException();

        public Task<RunSnapshot> ResumeAsync(string who) => throw new NotSupportedException();

        public Task<RunSnapshot> RetryAsync(string who) => throw new NotSupportedException();

        public Task ReportEvaluationAsync(long step, ImmutableArray<ShardEvaluation> shards) => throw new NotSupportedException();
    }
}
