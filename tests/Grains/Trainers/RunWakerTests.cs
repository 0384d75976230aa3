using System.Collections.Immutable;
using VaeCluster.Contracts.Runs;
using VaeCluster.Grains.Liveness;
using VaeCluster.Grains.Trainers;

namespace VaeCluster.Grains.Tests.Trainers;

/// <summary>How a trainer that has lost its parameter server wakes the run, and learns that there is nothing to wake.</summary>
public sealed class RunWakerTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly FakeRun _run = new();
    private readonly ObservedTime _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wake_TheFirstTimes_IsQuick_AndDoesNotWaitForAnAnswer()
    {
        var waker = new RunWaker(_run, new LivenessOptions(), _time);
        _run.Answer = () => new TaskCompletionSource<RunSnapshot?>().Task;

        var pauses = await WakeAsync(waker, waker.CloseWakes);

        Assert.Equal(waker.CloseWakes, _run.Wakes);
        Assert.All(pauses, pause => Assert.Equal(RunWaker.PauseMin, pause));
    }

    [Fact]
    public async Task Wake_InVain_ComesMoreRarely_UntilTheServerAnswers()
    {
        var waker = new RunWaker(_run, new LivenessOptions(), _time);
        _run.Answer = () => Task.FromResult<RunSnapshot?>(Snapshot(RunPhase.Running));

        var pauses = await WakeAsync(waker, waker.CloseWakes + 10);
        waker.OnAnswered();
        var afterAnswer = await WakeAsync(waker, 1);

        Assert.Equal([0.2, 0.4, 0.8, 1.6, 3.2, 5, 5, 5, 5, 5], pauses.Skip(waker.CloseWakes).Select(pause => pause.TotalSeconds));
        Assert.Equal([RunWaker.PauseMin], afterAnswer);
    }

    [Theory]
    [InlineData(RunPhase.Succeeded, false)]
    [InlineData(RunPhase.Cancelled, false)]
    [InlineData(RunPhase.Paused, false)]
    [InlineData(RunPhase.Pending, true)]
    [InlineData(RunPhase.Running, true)]
    public async Task Wake_OfARunThatHasEnded_SaysSo(RunPhase phase, bool isActive)
    {
        var waker = new RunWaker(_run, new LivenessOptions(), _time);
        _run.Answer = () => Task.FromResult<RunSnapshot?>(Snapshot(phase));
        await WakeAsync(waker, waker.CloseWakes);

        var wake = waker.WakeAsync(Token);
        await _time.PassNextTimerAsync();

        Assert.Equal(isActive, await wake.WaitAsync(Limit, Token));
    }

    [Fact]
    public async Task Wake_OfARunThatNeverWas_SaysSo()
    {
        _run.Answer = () => Task.FromResult<RunSnapshot?>(null);

        Assert.False(await new RunWaker(_run, new LivenessOptions(), _time).IsActiveAsync().WaitAsync(Limit, Token));
    }

    [Fact]
    public async Task Wake_OfARunThatCannotBeReached_PausesAllTheSame()
    {
        var waker = new RunWaker(_run, new LivenessOptions(), _time);
        await WakeAsync(waker, waker.CloseWakes);
        _run.Answer = () => Task.FromException<RunSnapshot?>(new SiloUnavailableException("It is gone."));

        var wake = waker.WakeAsync(Token);
        var pause = await _time.PassNextTimerAsync();

        await Assert.ThrowsAsync<SiloUnavailableException>(() => wake.WaitAsync(Limit, Token));
        Assert.Equal(0.2, pause.TotalSeconds);
    }

    [Fact]
    public async Task Wake_OfARunThatHangs_GivesUpAfterTheResponseTimeout_AndPauses()
    {
        var waker = new RunWaker(_run, new LivenessOptions(), _time);
        await WakeAsync(waker, waker.CloseWakes);
        _run.Answer = () => new TaskCompletionSource<RunSnapshot?>().Task;

        var wake = waker.WakeAsync(Token);
        var timeout = await _time.PassNextTimerAsync();
        var pause = await _time.PassNextTimerAsync();

        // The answer is late by the fake time; a timeout of the real time would be a message about the limit.
        var late = await Assert.ThrowsAsync<TimeoutException>(() => wake.WaitAsync(Limit, Token));
        Assert.True(wake.IsFaulted, late.Message);
        Assert.Equal((6, 0.2), (timeout.TotalSeconds, pause.TotalSeconds));
    }

    /// <summary>Wakes the run some times, and gives the pause after each.</summary>
    private async Task<List<TimeSpan>> WakeAsync(RunWaker waker, int times)
    {
        var pauses = new List<TimeSpan>();
        while (pauses.Count < times)
        {
            var wake = waker.WakeAsync(Token);
            pauses.Add(await _time.PassNextTimerAsync());
            Assert.True(await wake.WaitAsync(Limit, Token), "The run was taken for one that has ended.");
        }
        return pauses;
    }

    private static RunSnapshot Snapshot(RunPhase phase) => new() { RunId = "run-1", Phase = phase };

    private sealed class FakeRun : IRunGrain
    {
        public int Wakes { get; private set; }

        public Func<Task<RunSnapshot?>> Answer { get; set; } = () => throw new InvalidOperationException("Nobody was to ask.");

        public Task WakeAsync()
        {
            Wakes++;
            return Task.CompletedTask;
        }

        public Task<RunSnapshot?> GetAsync() => Answer();

        public Task<RunAnswer> SubmitAsync(RunPlan plan) => throw new NotSupportedException();

        public Task<RunSnapshot?> WaitAsync(long version, TimeSpan timeout) => throw new NotSupportedException();

        public Task<RunAnswer> CancelAsync(string who) => throw new NotSupportedException();

        public Task<RunAnswer> PauseAsync(string who) => throw new NotSupportedException();

        public Task<RunAnswer> ResumeAsync(string who) => throw new NotSupportedException();

        public Task<RunAnswer> RetryAsync(string who) => throw new NotSupportedException();

        public Task ReportEvaluationAsync(long step, ImmutableArray<ShardEvaluation> shards) => throw new NotSupportedException();
    }
}
