using Microsoft.Extensions.Time.Testing;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Grains.Liveness;
using VaeCluster.Grains.ParameterServer;
using VaeCluster.Parameters.Checkpoints;

namespace VaeCluster.Grains.Tests.ParameterServer;

/// <summary>What training waits for a standby that hangs, or does what it must not.</summary>
public sealed class StandbyLinkTests
{
    private static readonly RunPlan Plan = new() { RunId = "run-1", SpecJson = "{}", Data = new(1, 2, 2, 4, 0, "") };

    private static readonly GradientBlock Gradient = new() { Step = 7, FirstShard = 0, ShardCount = 1, Part = 0, Losses = new(1, 0, 0), Payload = PartBuffer.Wrap(new byte[4]) };

    private static readonly Checkpoint State = new(new TrainingState { Step = 7, Updates = 7, Weights = [new byte[64]], Optimizer = [new byte[64], new byte[64]] }, []);

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void TimeoutFor_GrowsWithTheSize()
    {
        var link = Link(new FakeStandby());

        Assert.Equal(TimeSpan.FromSeconds(2), link.TimeoutFor(0));
        Assert.Equal(TimeSpan.FromSeconds(5), link.TimeoutFor(48 << 20));
    }

    [Fact]
    public async Task Begin_HandsEveryPieceOver()
    {
        var standby = new FakeStandby();
        var link = Link(standby);

        await link.ReadyAsync(Plan);
        await link.BeginAsync(Plan, State, StatePieces.Split(State.State));

        Assert.Equal(["ready", "begin 3", "take 0", "take 1", "take 2", "complete"], standby.Calls);
        Assert.Null(await link.PushAsync(Gradient, 0));
    }

    [Theory]
    [InlineData("ready", 6)]
    [InlineData("begin 3", 2)]
    [InlineData("take 1", 2)]
    [InlineData("complete", 2)]
    public async Task Begin_OfAStandbyThatHangs_HasAnEnd(string hangsAt, double seconds)
    {
        var standby = new FakeStandby { HangsAt = hangsAt };
        var link = Link(standby);

        // The standby answers at once, so when this returns the link waits for the call that hangs.
        var begun = BeginAsync(link);

        await AssertTimesOutAsync(begun, TimeSpan.FromSeconds(seconds));
        Assert.Equal(hangsAt, standby.Calls[^1]);
    }

    [Fact]
    public async Task Push_ToAStandbyThatHangs_SaysSoAfterItsTimeout()
    {
        var pushed = Link(new FakeStandby { HangsAt = "push" }).PushAsync(Gradient, 0);

        _time.Advance(new LivenessOptions().StandbyCallTimeout - TimeSpan.FromTicks(1));
        Assert.False(pushed.IsCompleted);
        _time.Advance(TimeSpan.FromTicks(1));

        Assert.Equal("The operation has timed out.", await pushed.WaitAsync(Limit, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(PushOutcome.Accepted, 7, null)]
    [InlineData(PushOutcome.Duplicate, 7, null)]
    [InlineData(PushOutcome.OtherStep, 8, null)]
    [InlineData(PushOutcome.OtherStep, 6, "It is at step 6 and was given a gradient of step 7.")]
    [InlineData(PushOutcome.NotStarted, -1, "It is at step -1 and was given a gradient of step 7.")]
    public async Task Push_KeepsAStandbyThatIsAsFarOrAStepAhead(PushOutcome outcome, long step, string? lost) =>
        Assert.Equal(lost, await Link(new FakeStandby { Answer = new(outcome, step) }).PushAsync(Gradient, 0));

    [Fact]
    public async Task Push_ToAStandbyThatFails_IsNoFaultOfTheRun() =>
        Assert.Equal("Out of order.", await Link(new FakeStandby { Error = new InvalidOperationException("Out of order.") }).PushAsync(Gradient, 0));

    [Theory]
    [InlineData("state", 9)]
    [InlineData("piece 2", 2)]
    public Task Fetch_FromAStandbyThatHangs_HasAnEnd(string hangsAt, double seconds) =>
        AssertTimesOutAsync(Link(new FakeStandby { HangsAt = hangsAt }).FetchAsync(), TimeSpan.FromSeconds(seconds));

    [Fact]
    public async Task Fetch_FetchesEveryPiece() =>
        Assert.Equal(3, (await Link(new FakeStandby()).FetchAsync())!.Value.Pieces.Count);

    private StandbyLink Link(FakeStandby standby) => new("b", standby, new LivenessOptions(), _time);

    private static async Task BeginAsync(StandbyLink link)
    {
        await link.ReadyAsync(Plan);
        await link.BeginAsync(Plan, State, StatePieces.Split(State.State));
    }

    /// <summary>The call ends when its time is over, which may be a few microseconds more for the bytes, and not before.</summary>
    private async Task AssertTimesOutAsync(Task call, TimeSpan timeout)
    {
        _time.Advance(timeout - TimeSpan.FromTicks(1));
        Assert.False(call.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        await Assert.ThrowsAsync<TimeoutException>(() => call.WaitAsync(Limit, TestContext.Current.CancellationToken));
        Assert.True(call.IsFaulted, $"The call still hangs after {timeout.TotalSeconds} s.");
    }

    /// <summary>Answers everything but the one call that hangs for ever.</summary>
    private sealed class FakeStandby : IStandbyGrain
    {
        public string HangsAt { get; init; } = "";

        public StandbyAnswer Answer { get; init; } = new(PushOutcome.Accepted, 7);

        public Exception? Error { get; init; }

        public List<string> Calls { get; } = [];

        public Task ReadyAsync(RunPlan plan) => CallAsync("ready", true);

        public Task BeginAsync(StandbyState state) => CallAsync($"begin {state.PieceCount}", true);

        public Task TakeAsync(StatePiece piece) => CallAsync($"take {piece.Index}", true);

        public Task CompleteAsync() => CallAsync("complete", true);

        public Task<StandbyAnswer> PushAsync(GradientBlock part, long writtenStep) => Error is null ? CallAsync("push", Answer) : Task.FromException<StandbyAnswer>(Error);

        public Task<StandbyState?> GetStateAsync() =>
            CallAsync<StandbyState?>("state", new StandbyState { Plan = Plan, Step = 7, Updates = 7, Records = [], PieceCount = 3 });

        public Task<StatePiece> GetPieceAsync(int index) => CallAsync($"piece {index}", new StatePiece(index, []));

        public Task StopAsync() => CallAsync("stop", true);

        private Task<T> CallAsync<T>(string call, T answer)
        {
            Calls.Add(call);
            return call == HangsAt ? new TaskCompletionSource<T>().Task : Task.FromResult(answer);
        }
    }
}
