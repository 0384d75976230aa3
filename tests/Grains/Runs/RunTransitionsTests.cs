using VaeCluster.Contracts.Runs;
using VaeCluster.Grains.Runs;

namespace VaeCluster.Grains.Tests.Runs;

public sealed class RunTransitionsTests
{
    private static readonly Dictionary<RunPhase, RunPhase[]> Allowed = new()
    {
        [RunPhase.Pending] = [RunPhase.Pending, RunPhase.Running, RunPhase.Succeeded, RunPhase.Failed, RunPhase.Cancelled, RunPhase.Paused],
        [RunPhase.Running] = [RunPhase.Pending, RunPhase.Running, RunPhase.Succeeded, RunPhase.Failed, RunPhase.Cancelled, RunPhase.Paused],
        [RunPhase.Paused] = [RunPhase.Pending, RunPhase.Cancelled],
        [RunPhase.Failed] = [RunPhase.Pending],
        [RunPhase.Cancelled] = [RunPhase.Pending],
        [RunPhase.Succeeded] = [],
    };

    public static TheoryData<RunPhase> Phases => [.. Enum.GetValues<RunPhase>()];

    [Theory]
    [MemberData(nameof(Phases))]
    public void IsAllowed_FromAPhase_ToThoseThatMayFollow_AndNoOther(RunPhase from) =>
        Assert.Equal(Allowed[from].Order(), Enum.GetValues<RunPhase>().Where(to => RunTransitions.IsAllowed(from, to)).Order());

    [Theory]
    [InlineData(RunPhase.Running, true, "Run a-1 has applied every step and is being evaluated; it ends soon.")]
    [InlineData(RunPhase.Running, false, null)]
    [InlineData(RunPhase.Succeeded, true, null)]
    public void PauseRefusal_WhileTheRunIsFinalized_IsASentence(RunPhase phase, bool isFinalizing, string? expected) =>
        Assert.Equal(expected, RunTransitions.PauseRefusal("a-1", phase, isFinalizing));

    [Theory]
    [InlineData(RunPhase.Paused, null)]
    [InlineData(RunPhase.Running, "Run a-1 is Running; only a paused run can be resumed.")]
    [InlineData(RunPhase.Failed, "Run a-1 is Failed; only a paused run can be resumed. `vaectl retry` continues a failed or cancelled run.")]
    public void ResumeRefusal_OfWhatIsNotPaused_NamesTheFix(RunPhase phase, string? expected) =>
        Assert.Equal(expected, RunTransitions.ResumeRefusal("a-1", phase));

    [Theory]
    [InlineData(RunPhase.Failed, null)]
    [InlineData(RunPhase.Cancelled, null)]
    [InlineData(RunPhase.Succeeded, "Run a-1 is Succeeded; only a failed or cancelled run can be retried.")]
    public void RetryRefusal_OfWhatDidNotFail_SaysWhatCanBeRetried(RunPhase phase, string? expected) =>
        Assert.Equal(expected, RunTransitions.RetryRefusal("a-1", phase));
}
