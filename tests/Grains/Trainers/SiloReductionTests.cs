using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Grains.Trainers;

namespace VaeCluster.Grains.Tests.Trainers;

/// <summary>What a silo's trainers computed leaves it as one block, and never waits for long.</summary>
public sealed class SiloReductionTests
{
    private const int Shards = 8;
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly List<GradientBlock> _sent = [];
    private readonly SiloReduction _reduction;

    public SiloReductionTests() => _reduction = new SiloReduction(_time);

    [Fact]
    public async Task Push_OfEveryTrainerOfTheSilo_SendsOneSum_AndAnswersEverybody()
    {
        Task<PushAnswer>[] pushes = [PushAsync(Block(4, 1), [4, 5, 6, 7]), PushAsync(Block(6, 2), [4, 5, 6, 7]), PushAsync(Block(5, 1), [4, 5, 6, 7])];

        var answers = await Task.WhenAll(pushes).WaitAsync(Limit, TestContext.Current.CancellationToken);

        var sent = Assert.Single(_sent);
        Assert.Equal((4, 4), (sent.FirstShard, sent.ShardCount));
        Assert.Equal(4 + 5 + 6 + 7, sent.Payload.Values[0]);
        Assert.Equal(4, sent.Losses.Examples);
        Assert.Equal([4, 5, 6], sent.Contributors.Select(contributor => contributor.FirstShard));
        Assert.All(answers, answer => Assert.Equal("4+4", answer.Message));
    }

    [Fact]
    public async Task Push_WhoseOthersDoNotCome_GoesAheadAfterItsTime()
    {
        var first = PushAsync(Block(0, 1), [0, 1, 2]);
        var second = PushAsync(Block(2, 1), [0, 1, 2]);
        _time.Advance(Wait - TimeSpan.FromTicks(1));
        Assert.Empty(_sent);

        _time.Advance(TimeSpan.FromTicks(1));
        var answers = await Task.WhenAll(first, second).WaitAsync(Limit, TestContext.Current.CancellationToken);

        // No siblings, so there is nothing to add up.
        Assert.Equal(["0+1", "2+1"], answers.Select(answer => answer.Message));
        var late = PushAsync(Block(1, 1), [0, 1, 2]);
        _time.Advance(Wait);
        Assert.Equal("1+1", (await late.WaitAsync(Limit, TestContext.Current.CancellationToken)).Message);
    }

    [Fact]
    public async Task Push_OfAShardThatIsThere_IsAnsweredWithTheSum_AndItsMemoryIsReleased()
    {
        var again = Block(0, 1);
        Task<PushAnswer>[] pushes = [PushAsync(Block(0, 1), [0, 1]), PushAsync(again, [0, 1]), PushAsync(Block(1, 1), [0, 1])];

        var answers = await Task.WhenAll(pushes).WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.All(answers, answer => Assert.Equal("0+2", answer.Message));
        Assert.Null(again.Payload.TryRetain());
    }

    [Fact]
    public async Task Push_OfOtherStepsAndParts_IsKeptApart()
    {
        Task<PushAnswer>[] pushes =
        [
            PushAsync(Block(0, 1), [0, 1]), PushAsync(Block(1, 1) with { Part = 1 }, [0, 1]),
            PushAsync(Block(1, 1) with { Step = 1 }, [0, 1]), PushAsync(Block(1, 1), [0, 1]),
        ];
        _time.Advance(Wait);

        await Task.WhenAll(pushes).WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.Equal([(0L, 0, 0, 2), (0L, 1, 1, 1), (1L, 0, 1, 1)], _sent.Select(block => (block.Step, block.Part, block.FirstShard, block.ShardCount)).Order());
    }

    [Fact]
    public async Task Push_ThatIsLost_IsLostForAllWhoseGradientsItHeld()
    {
        Task<PushAnswer>[] pushes = [PushAsync(Block(0, 1), [0, 1], Lost), PushAsync(Block(1, 1), [0, 1], Lost)];

        foreach (var push in pushes)
            await Assert.ThrowsAsync<TimeoutException>(() => push.WaitAsync(Limit, TestContext.Current.CancellationToken));

        static Task<PushAnswer> Lost(GradientBlock block) => Task.FromException<PushAnswer>(new TimeoutException("Lost."));
    }

    [Fact]
    public async Task Push_WhoseSendThrows_ThrowsForAll()
    {
        Task<PushAnswer>[] pushes = [PushAsync(Block(0, 1), [0, 1], Throw), PushAsync(Block(1, 1), [0, 1], Throw)];

        foreach (var push in pushes)
            await Assert.ThrowsAsync<InvalidOperationException>(() => push.WaitAsync(Limit, TestContext.Current.CancellationToken));

        static Task<PushAnswer> Throw(GradientBlock block) => throw new InvalidOperationException("Before the call was made.");
    }

    [Fact]
    public async Task Push_OfWhatCannotBeInTheTree_Throws_AndTheNextIsTheFirst()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => PushAsync(Block(1, 2), [0, 1]));

        Task<PushAnswer>[] pushes = [PushAsync(Block(0, 1), [0, 1]), PushAsync(Block(1, 1), [0, 1])];

        Assert.All(await Task.WhenAll(pushes).WaitAsync(Limit, TestContext.Current.CancellationToken), answer => Assert.Equal("0+2", answer.Message));
    }

    private Task<PushAnswer> PushAsync(GradientBlock block, ImmutableArray<int> siloShards, Func<GradientBlock, Task<PushAnswer>>? send = null) =>
        _reduction.PushAsync("a/run", block, siloShards, Shards, Wait, send ?? Send);

    private Task<PushAnswer> Send(GradientBlock block)
    {
        lock (_sent)
            _sent.Add(block);
        return Task.FromResult(new PushAnswer(PushOutcome.Accepted, $"{block.FirstShard}+{block.ShardCount}"));
    }

    /// <summary>The sum over shards of their numbers.</summary>
    private static GradientBlock Block(int first, int count)
    {
        var payload = PartBuffer.Rent(sizeof(float));
        payload.Values[0] = Enumerable.Range(first, count).Sum();
        return new()
        {
            Step = 0,
            FirstShard = first,
            ShardCount = count,
            Part = 0,
            Losses = new(count, 0, 0),
            Payload = payload,
            Contributors = [new(first, count, $"b/cpu:{first}")],
        };
    }
}
