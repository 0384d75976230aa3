using System.Collections.Immutable;
using VaeCluster.Contracts.Runs;
using VaeCluster.Grains.Liveness;
using VaeCluster.Grains.Trainers;

namespace VaeCluster.Grains.Tests.Trainers;

/// <summary>How a trainer that has lost its parameter server reactivates the run, and learns that there is nothing to call.</summary>
public sealed class RunReactivatorTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly FakeRun _run = new();
    private readonly ObservedTime _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reactivate_TheFirstTimes_IsQuick_AndDoesNotWaitForAnAnswer()
    {
        var reactivator = new RunReactivator(_run, new LivenessOptions(), _time);
        _run.Answer = () => new TaskCompletionSource<RunSnapshot?>().Task;

        var pauses = await ReactivateAsync(reactivator, reactivator.CloseCalls);

        Assert.Equal(reactivator.CloseCalls, _run.Calls);
        Assert.All(pauses, pause => Assert.Equal(RunReactivator.PauseMin, pause));
    }

    [Fact]
    public async Task Reactivate_InVain_ComesMoreRarely_UntilTheServerAnswers()
    {
        var reactivator = new RunReactivator(_run, new LivenessOptions(), _time);
        _run.Answer = () => Task.FromResult<RunSnapshot?>(Snapshot(RunPhase.Running));

        var pauses = await ReactivateAsync(reactivator, reactivator.CloseCalls + 10);
        reactivator.OnAnswered();
        var afterAnswer = await ReactivateAsync(reactivator, 1);

        Assert.Equal([0.2, 0.4, 0.8, 1.6, 3.2, 5, 5, 5, 5, 5], pauses.Skip(reactivator.CloseCalls).Select(pause => pause.TotalSeconds));
        Assert.Equal([RunReactivator.PauseMin], afterAnswer);
    }

    [Theory]
    [InlineData(RunPhase.Succeeded, false)]
    [InlineData(RunPhase.Cancelled, false)]
    [InlineData(RunPhase.Paused, false)]
    [InlineData(RunPhase.Pending, true)]
    [InlineData(RunPhase.Running, true)]
    public async Task Reactivate_OfARunThatHasEnded_SaysSo(RunPhase phase, bool isActive)
    {
        var reactivator = new RunReactivator(_run, new LivenessOptions(), _time);
        _run.Answer = () => Task.FromResult<RunSnapshot?>(Snapshot(phase));
        await ReactivateAsync(reactivator, reactivator.CloseCalls);

        var call = reactivator.ReactivateAsync(Token);
        await _time.PassNextTimerAsync();

        Assert.Equal(isActive, await call.WaitAsync(Limit, Token));
    }

    [Fact]
    public async Task Reactivate_OfARunThatNeverWas_SaysSo()
    {
        _run.Answer = () => Task.FromResult<RunSnapshot?>(null);

        Assert.False(await new RunReactivator(_run, new LivenessOptions(), _time).IsActiveAsync().WaitAsync(Limit, Token));
    }

    [Fact]
    public async Task Reactivate_OfARunThatCannotBeReached_PausesAllTheSame()
    {
        var reactivator = new RunReactivator(_run, new LivenessOptions(), _time);
        await ReactivateAsync(reactivator, reactivator.CloseCalls);
        _run.Answer = () => Task.FromException<RunSnapshot?>(new SiloUnavailableException("It is gone."));

        var call = reactivator.ReactivateAsync(Token);
        var pause = await _time.PassNextTimerAsync();

        await Assert.ThrowsAsync<SiloUnavailableException>(() => call.WaitAsync(Limit, Token));
        Assert.Equal(0.2, pause.TotalSeconds);
    }

    [Fact]
    public async Task Reactivate_OfARunThatHangs_GivesUpAfterTheResponseTimeout_AndPauses()
    {
        var reactivator = new RunReactivator(_run, new LivenessOptions(), _time);
        await ReactivateAsync(reactivator, reactivator.CloseCalls);
        _run.Answer = () => new TaskCompletionSource<RunSnapshot?>().Task;

        var call = reactivator.ReactivateAsync(Token);
        var timeout = await _time.PassNextTimerAsync();
        var pause = await _time.PassNextTimerAsync();

        // The answer is late by the fake time; a timeout of the real time would be a message about the limit.
        var late = await Assert.ThrowsAsync<TimeoutException>(() => call.WaitAsync(Limit, Token));
        Assert.True(call.IsFaulted, late.Message);
        Assert.Equal((6, 0.2), (timeout.TotalSeconds, pause.TotalSeconds));
    }

    /// <summary>Calls the run some times, and gives the pause after each.</summary>
    private async Task<List<TimeSpan>> ReactivateAsync(RunReactivator reactivator, int times)
    {
        var pauses = new List<TimeSpan>();
        while (pauses.Count < times)
        {
            var call = reactivator.ReactivateAsync(Token);
            pauses.Add(await _time.PassNextTimerAsync());
            Assert.True(await call.WaitAsync(Limit, Token), "The run was taken for one that has ended.");
        }
        return pauses;
    }

    private static RunSnapshot Snapshot(RunPhase phase) => new() { RunId = "run-1", Phase = phase };

    private sealed class FakeRun : IRunGrain
    {
        public int Calls { get; private set; }

        public Func<Task<RunSnapshot?>> Answer { get; set; } = () => throw new InvalidOperationException("Nobody was to ask.");

        public Task ReactivateAsync()
        {
            Calls++;
            return Task.CompletedTask;
        }

        public Task<RunSnapshot?> GetAsync() => Answer();

        public Task<RunAnswer> SubmitAsync(RunPlan plan) => throw new NotSupportedException();

        public IAsyncEnumerable<RunSnapshot> WatchAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<RunAnswer> CancelAsync(string who) => throw new NotSupportedException();

        public Task<RunAnswer> PauseAsync(string who) => throw new NotSupportedException();

        public Task<RunAnswer> ResumeAsync(string who) => throw new NotSupportedException();

        public Task<RunAnswer> RetryAsync(string who) => throw new NotSupportedException();

        public Task ReportEvaluationAsync(long step, ImmutableArray<ShardEvaluation> shards) => throw new NotSupportedException();
    }
}
