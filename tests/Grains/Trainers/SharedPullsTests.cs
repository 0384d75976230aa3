using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Grains.Trainers;

namespace VaeCluster.Grains.Tests.Trainers;

/// <summary>One call for all trainers of a silo, and a reference to the memory for each of them.</summary>
public sealed class SharedPullsTests
{
    private readonly SharedPulls _pulls = new();
    private readonly TaskCompletionSource<WeightsPart> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;

    [Fact]
    public async Task Pull_OfWhatAnotherWaitsFor_IsOneCall_AndEverybodyOwnsAReference()
    {
        var memory = new byte[4];
        Task<WeightsPart>[] pulls = [.. Enumerable.Range(0, 3).Select(_ => PullAsync(7, 0))];

        _answer.SetResult(Answer(PartBuffer.Wrap(memory)));
        var answers = await Task.WhenAll(pulls);

        Assert.Equal(1, _calls);
        memory[0] = 9;
        Assert.All(answers, answer => Assert.Equal(9, answer.Payload!.Bytes[0]));
        answers[0].Payload!.Release();
        answers[1].Payload!.Release();
        Assert.True(answers[2].Payload!.IsExclusive);
    }

    [Fact]
    public async Task Pull_OfAnotherPartOrStepOrServer_IsACallOfItsOwn()
    {
        _answer.SetResult(new WeightsPart { Outcome = PullOutcome.NotYet });

        await Task.WhenAll(PullAsync(7, 0), PullAsync(7, 1), PullAsync(8, 0), PullAsync(7, 0, "b/run"));

        Assert.Equal(4, _calls);
    }

    [Fact]
    public async Task Pull_AfterTheAnswer_AsksAgain()
    {
        _answer.SetResult(new WeightsPart { Outcome = PullOutcome.NotYet });

        await PullAsync(7, 0);
        await PullAsync(7, 0);

        Assert.Equal(2, _calls);
    }

    [Fact]
    public async Task Pull_ThatIsLost_IsLostForAll_AndTheNextAsksAgain()
    {
        Task<WeightsPart>[] pulls = [PullAsync(7, 0), PullAsync(7, 0)];

        _answer.SetException(new TimeoutException("Lost."));

        foreach (var pull in pulls)
            Assert.Equal("Lost.", (await Assert.ThrowsAsync<TimeoutException>(() => pull)).Message);
        await Assert.ThrowsAsync<TimeoutException>(() => PullAsync(7, 0));
        Assert.Equal(2, _calls);
    }

    private Task<WeightsPart> PullAsync(long knownStep, int part, string server = "a/run") => _pulls.PullAsync(server, knownStep, part, () =>
    {
        Interlocked.Increment(ref _calls);
        return _answer.Task;
    });

    private static WeightsPart Answer(PartBuffer buffer) => new() { Outcome = PullOutcome.Weights, Step = 8, PartCount = 1, Payload = buffer };
}
