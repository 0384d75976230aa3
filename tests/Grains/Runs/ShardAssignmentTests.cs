using VaeCluster.Grains.Runs;

namespace VaeCluster.Grains.Tests.Runs;

public sealed class ShardAssignmentTests
{
    [Fact]
    public void Divide_ToMoreTrainersThanShards_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ShardAssignment.Divide(2, 3));
}
