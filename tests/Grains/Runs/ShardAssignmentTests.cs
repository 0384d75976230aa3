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
    public void Divide_GivesEachShardToOneTrainer_AndNoTrainerNone(int shards, int trainers)
    {
        var assigned = ShardAssignment.Divide(shards, trainers);

        Assert.Equal(trainers, assigned.Length);
        Assert.Equal(Enumerable.Range(0, shards), assigned.SelectMany(part => part));
        Assert.True(assigned.Max(part => part.Length) - assigned.Min(part => part.Length) <= 1);
        Assert.All(assigned, part => Assert.NotEmpty(part));
    }

    [Fact]
    public void Divide_ToMoreTrainersThanShards_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ShardAssignment.Divide(2, 3));
}
