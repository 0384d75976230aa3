using System.Collections.Immutable;
using VaeCluster.Grains.Runs;

namespace VaeCluster.Grains.Tests.Runs;

public sealed class ShardAssignmentTests
{
    [Fact]
    public void Divide_ToMoreTrainersThanShards_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ShardAssignment.Divide(2, 3));

    [Fact]
    public void OfSilo_IsWhatAllItsTrainersCompute_OnceEach()
    {
        string[] devices = ["a/cpu:0", "a/cpu:1", "ab/cpu:0"];
        int[][] assigned = [[0, 1], [1, 2], [3]];

        Assert.Equal([0, 1, 2], ShardAssignment.OfSilo("a/cpu:1", [.. devices], [.. assigned.Select(shards => shards.ToImmutableArray())]));
        Assert.Equal([3], ShardAssignment.OfSilo("ab/cpu:0", [.. devices], [.. assigned.Select(shards => shards.ToImmutableArray())]));
    }
}
