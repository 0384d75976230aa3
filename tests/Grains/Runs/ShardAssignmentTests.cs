using VaeCluster.Grains.Runs;

namespace VaeCluster.Grains.Tests.Runs;

public sealed class ShardAssignmentTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 1)]
    [InlineData(4, 3)]
    [InlineData(8, 5)]
    [InlineData(1024, 1000)]
    public void Deal_GivesEachShardToOneTrainer_AndNoTrainerNone(int shards, int trainers)
    {
        var dealt = ShardAssignment.Divide(shards, trainers);

        Assert.Equal(trainers, dealt.Length);
        Assert.Equal(Enumerable.Range(0, shards), dealt.SelectMany(part => part));
        Assert.True(dealt.Max(part => part.Length) - dealt.Min(part => part.Length) <= 1);
        Assert.All(dealt, part => Assert.NotEmpty(part));
    }

    [Fact]
    public void Deal_ToMoreTrainersThanShards_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ShardAssignment.Divide(2, 3));
}
