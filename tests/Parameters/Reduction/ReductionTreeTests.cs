using System.Runtime.InteropServices;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Parameters.Reduction;
using static VaeCluster.Tests.Parameters.Reduction.ReductionBlocks;

namespace VaeCluster.Tests.Parameters.Reduction;

public sealed class ReductionTreeTests
{
    [Fact]
    public void Root_IsNotTheSumFromLeftToRight()
    {
        var leaves = Leaves(new Random(1), 8);
        var tree = new ReductionTree(8);
        foreach (var leaf in leaves)
            tree.Offer(Copy(leaf));

        var running = Floats(leaves[0]);
        foreach (var leaf in leaves.Skip(1))
            running = [.. running.Zip(Floats(leaf), (a, b) => a + b)];

        // Otherwise the properties could not distinguish one order from another.
        Assert.NotEqual(running, Floats(tree.Root!));
    }

    [Fact]
    public void Offer_WhatIsThere_ChangesNothing()
    {
        var leaves = Leaves(new Random(2), 4);
        var tree = new ReductionTree(4);
        Assert.True(tree.Offer(Copy(leaves[0])));
        Assert.True(tree.Offer(Copy(leaves[1])));

        Assert.False(tree.Offer(Copy(leaves[0])));
        Assert.False(tree.Offer(Copy(leaves[1])));
        Assert.False(tree.Offer(Sum(leaves, 0, 2)));

        Assert.Equal([(0, 2)], tree.Blocks.Select(block => (block.FirstShard, block.ShardCount)));
    }

    [Fact]
    public void Offer_BlockAroundWhatIsThere_TakesItsPlace()
    {
        var leaves = Leaves(new Random(3), 8);
        var tree = new ReductionTree(8);
        foreach (var shard in new[] { 1, 2, 6 })
            tree.Offer(Copy(leaves[shard]));

        Assert.True(tree.Offer(Sum(leaves, 0, 4)));

        Assert.Equal([(0, 4), (6, 1)], tree.Blocks.Select(block => (block.FirstShard, block.ShardCount)));
        Assert.True(tree.Holds(2, 2));
        Assert.False(tree.Holds(6, 2));
        tree.Offer(Copy(leaves[7]));
        tree.Offer(Sum(leaves, 4, 2));
        Assert.Equal(Floats(Sum(leaves, 0, 8)), Floats(tree.Root!));
    }

    [Theory]
    [InlineData(0, 3, "Shards 0 to 2 are not a node of the tree over 8 shards. (Parameter 'block')")]
    [InlineData(1, 2, "Shards 1 to 2 are not a node of the tree over 8 shards. (Parameter 'block')")]
    [InlineData(8, 1, "Shards 8 to 8 are not a node of the tree over 8 shards. (Parameter 'block')")]
    [InlineData(0, 16, "Shards 0 to 15 are not a node of the tree over 8 shards. (Parameter 'block')")]
    [InlineData(-2, 2, "Shards -2 to -1 are not a node of the tree over 8 shards. (Parameter 'block')")]
    [InlineData(0, 0, "Shards 0 to -1 are not a node of the tree over 8 shards. (Parameter 'block')")]
    public void Offer_WhatIsNoNode_Throws(int first, int count, string message)
    {
        var tree = new ReductionTree(8);

        var e = Assert.Throws<ArgumentException>(() => tree.Offer(Block(first, count, new(0, 0, 0), new byte[4])));

        Assert.Equal(message, e.Message);
        Assert.Empty(tree.Blocks);
    }

    [Fact]
    public void IsNode_WhereTheEndOverflows_IsFalse() =>
        Assert.False(ReductionTree.IsNode(1 << 30, 1 << 30, 8));

    [Fact]
    public void Offer_OtherLength_ThrowsAndKeepsWhatIsThere()
    {
        var leaves = Leaves(new Random(4), 2);
        var tree = new ReductionTree(2);
        tree.Offer(Copy(leaves[0]));

        var e = Assert.Throws<ArgumentException>(() => tree.Offer(Block(1, 1, new(0, 0, 0), new byte[4])));

        Assert.Equal("Blocks of 148 and 4 bytes cannot be added. (Parameter 'block')", e.Message);
        Assert.True(tree.Offer(Copy(leaves[1])));
        Assert.Equal(Floats(Sum(leaves, 0, 2)), Floats(tree.Root!));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(-4)]
    public void Constructor_OfNoPowerOfTwo_Throws(int shards) =>
        Assert.StartsWith("The number of shards must be a power of two.", Assert.Throws<ArgumentOutOfRangeException>(() => new ReductionTree(shards)).Message, StringComparison.Ordinal);

    private static GradientBlock[] Leaves(Random random, int shards) =>
        [.. Enumerable.Range(0, shards).Select(shard => Block(shard, 1, new LossSums(shard, random.NextDouble(), random.NextDouble()), Payload(random)))];

    private static byte[] Payload(Random random)
    {
        // Magnitudes far apart, so that almost every addition rounds.
        var values = Enumerable.Range(0, Length).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 4)))).ToArray();
        return MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
    }

    [Fact]
    public void Offer_OfALowerHalfThatSomebodyElseReads_LeavesItAlone()
    {
        var leaves = Leaves(new Random(5), 2);
        var offered = Copy(leaves[0]);
        var read = offered.Payload.Retain();
        var tree = new ReductionTree(2);

        tree.Offer(offered);
        tree.Offer(Copy(leaves[1]));

        Assert.Equal(Floats(leaves[0]), read.Values.ToArray());
        Assert.Equal(Floats(Sum(leaves, 0, 2)), Floats(tree.Root!));
        Assert.True(read.IsExclusive);
    }

    [Fact]
    public void Clear_ReleasesWhatIsInTheTree_AndTakeDoesNot()
    {
        var leaves = Leaves(new Random(6), 4);
        var (cleared, taken) = (Copy(leaves[0]), Copy(leaves[2]));
        var tree = new ReductionTree(4);

        tree.Offer(cleared);
        tree.Clear();
        tree.Offer(taken);

        Assert.Same(taken, Assert.Single(tree.Take()));
        Assert.Empty(tree.Blocks);
        Assert.Throws<ObjectDisposedException>(() => cleared.Payload.Bytes.Length);
        Assert.Equal(Floats(leaves[2]), Floats(taken));
    }
}
