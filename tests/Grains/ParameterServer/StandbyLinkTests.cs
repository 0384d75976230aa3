using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Grains.ParameterServer;
using VaeCluster.Training.Checkpoints;

namespace VaeCluster.Grains.Tests.ParameterServer;

/// <summary>What training waits for a standby that hangs, or does what it must not.</summary>
public sealed class StandbyLinkTests
{
    private static readonly RunPlan Plan = new() { RunId = "run-1", SpecJson = "{}", Data = new(1, 2, 2, 4, 0, "") };

    private static readonly GradientPart Gradient = new() { Step = 7, FirstShard = 0, ShardCount = 1, Part = 0, Losses = new(1, 0, 0), Payload = new byte[4], Device = "a/cpu:0" };

    private static readonly Checkpoint State = new(new TrainingState { Step = 7, Updates = 7, Weights = [new byte[64]], Optimizer = [new byte[64], new byte[64]] }, []);

    [Fact]
    public void PatienceFor_GrowsWithTheSize()
    {
        Assert.Equal(TimeSpan.FromSeconds(2), StandbyLink.PatienceFor(0));
        Assert.Equal(TimeSpan.FromSeconds(5), StandbyLink.PatienceFor(48 << 20));
    }

    [Fact]
    public async Task Begin_HandsEveryPieceOver()
    {
        var standby = new FakeStandby();
        var link = new StandbyLink("b", standby, new FastTime());

        await link.ReadyAsync(Plan);
        await link.BeginAsync(Plan, State);

        Assert.Equal(["ready", "begin 3", "take 0", "take 1", "take 2", "complete"], standby.Calls);
        Assert.Null(await link.PushAsync(Gradient, 0));
    }

    [Theory]
    [InlineData("ready")]
    [InlineData("begin 3")]
    [InlineData("take 1")]
    [InlineData("complete")]
    public async Task Begin_OfAStandbyThatHangs_HasAnEnd(string hangsAt)
    {
        var standby = new FakeStandby { HangsAt = hangsAt };
        var link = new StandbyLink("b", standby, new FastTime());

        await Assert.ThrowsAsync<TimeoutException>(async () =>
        {
            await link.ReadyAsync(Plan);
            await link.BeginAsync(Plan, State);
        });

        Assert.Equal(hangsAt, standby.Calls[^1]);
    }

    [Fact]
    public async Task Push_ToAStandbyThatHangs_SaysSoAfterItsPatience()
    {
        var link = new StandbyLink("b", new FakeStandby { HangsAt = "push" }, new FastTime());

        Assert.Equal("The operation has timed out.", await link.PushAsync(Gradient, 0));
    }

    [Theory]
    [InlineData(PushOutcome.Accepted, 7, null)]
    [InlineData(PushOutcome.Duplicate, 7, null)]
    [InlineData(PushOutcome.OtherStep, 8, null)]
    [InlineData(PushOutcome.OtherStep, 6, "It is at step 6 and was given a gradient of step 7.")]
    [InlineData(PushOutcome.NotStarted, -1, "It is at step -1 and was given a gradient of step 7.")]
    public async Task Push_KeepsAStandbyThatIsAsFarOrAStepAhead(PushOutcome outcome, long step, string? lost) =>
        Assert.Equal(lost, await new StandbyLink("b", new FakeStandby { Answer = new(outcome, step) }, new FastTime()).PushAsync(Gradient, 0));

    [Fact]
    public async Task Push_ToAStandbyThatFails_IsNoFaultOfTheRun() =>
        Assert.Equal("Out of order.", await new StandbyLink("b", new FakeStandby { Fault = new InvalidOperationException("Out of order.") }, new FastTime()).PushAsync(Gradient, 0));

    [Fact]
    public async Task Fetch_FromAStandbyThatHangs_HasAnEnd()
    {
        await Assert.ThrowsAsync<TimeoutException>(() => new StandbyLink("b", new FakeStandby { HangsAt = "state" }, new FastTime()).FetchAsync());
        await Assert.ThrowsAsync<TimeoutException>(() => new StandbyLink("b", new FakeStandby { HangsAt = "piece 2" }, new FastTime()).FetchAsync());
        Assert.Equal(3, (await new StandbyLink("b", new FakeStandby(), new FastTime()).FetchAsync())!.Value.Pieces.Count);
    }

    /// <summary>Answers everything but the one call that hangs for ever.</summary>
    private sealed class FakeStandby : IStandbyGrain
    {
        public string HangsAt { get; init; } = "";

        public StandbyAnswer Answer { get; init; } = new(PushOutcome.Accepted, 7);

        public Exception? Fault { get; init; }

        public List<string> Calls { get; } = [];

        public Task ReadyAsync(RunPlan plan) => CallAsync("ready", true);

        public Task BeginAsync(StandbyState state) => CallAsync($"begin {state.PieceCount}", true);

        public Task TakeAsync(StatePiece piece) => CallAsync($"take {piece.Index}", true);

        public Task CompleteAsync() => CallAsync("complete", true);

        public Task<StandbyAnswer> PushAsync(GradientPart part, long writtenStep) => Fault is null ? CallAsync("push", Answer) : Task.FromException<StandbyAnswer>(Fault);

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
