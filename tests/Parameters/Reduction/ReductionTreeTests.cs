using System.Runtime.InteropServices;
using VaeCluster.Contracts.Runs;
using VaeCluster.Parameters.Reduction;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Tests.Parameters.Reduction;

public sealed class ReductionTreeTests
{
    private const int Length = 37;

    [Fact]
    public void Root_IsNotTheSumFromLeftToRight()
    {
        var leaves = Leaves(new Random(1), 8);
        var tree = new ReductionTree(8, new BufferPool());
        foreach (var leaf in leaves)
            tree.Offer(leaf);

        var running = Floats(leaves[0]).ToArray();
        foreach (var leaf in leaves.Skip(1))
            running = [.. running.Zip(Floats(leaf).ToArray(), (a, b) => a + b)];

        // Otherwise the properties could not distinguish one order from another.
        Assert.NotEqual(running, Floats(tree.Root!).ToArray());
    }

    [Fact]
    public void Offer_WhatIsThere_ChangesNothing()
    {
        var leaves = Leaves(new Random(2), 4);
        var tree = new ReductionTree(4, new BufferPool());
        Assert.True(tree.Offer(leaves[0]));
        Assert.True(tree.Offer(leaves[1]));

        Assert.False(tree.Offer(leaves[0]));
        Assert.False(tree.Offer(leaves[1]));
        Assert.False(tree.Offer(ReductionTreeProperties.Sum(leaves, 0, 2)));

        Assert.Equal([(0, 2)], tree.Blocks.Select(block => (block.FirstShard, block.ShardCount)));
    }

    [Fact]
    public void Offer_BlockAroundWhatIsThere_TakesItsPlace()
    {
        var leaves = Leaves(new Random(3), 8);
        var tree = new ReductionTree(8, new BufferPool());
        foreach (var shard in new[] { 1, 2, 6 })
            tree.Offer(leaves[shard]);

        Assert.True(tree.Offer(ReductionTreeProperties.Sum(leaves, 0, 4)));

        Assert.Equal([(0, 4), (6, 1)], tree.Blocks.Select(block => (block.FirstShard, block.ShardCount)));
        Assert.True(tree.Holds(2, 2));
        Assert.False(tree.Holds(6, 2));
        tree.Offer(leaves[7]);
        tree.Offer(ReductionTreeProperties.Sum(leaves, 4, 2));
        Assert.Equal(ReductionTreeProperties.Sum(leaves, 0, 8).Payload, tree.Root!.Payload);
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
        var tree = new ReductionTree(8, new BufferPool());

        var e = Assert.Throws<ArgumentException>(() => tree.Offer(new(first, count, new(0, 0, 0), new byte[4])));

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
        var tree = new ReductionTree(2, new BufferPool());
        tree.Offer(leaves[0]);

        var e = Assert.Throws<ArgumentException>(() => tree.Offer(new(1, 1, new(0, 0, 0), new byte[4])));

        Assert.Equal("Blocks of 148 and 4 bytes cannot be added. (Parameter 'block')", e.Message);
        Assert.True(tree.Offer(leaves[1]));
        Assert.Equal(ReductionTreeProperties.Sum(leaves, 0, 2).Payload, tree.Root!.Payload);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(-4)]
    public void Constructor_OfNoPowerOfTwo_Throws(int shards) =>
        Assert.StartsWith("The number of shards must be a power of two.", Assert.Throws<ArgumentOutOfRangeException>(() => new ReductionTree(shards, new BufferPool())).Message, StringComparison.Ordinal);

    private static GradientBlock[] Leaves(Random random, int shards) =>
        [.. Enumerable.Range(0, shards).Select(shard => new GradientBlock(shard, 1, new LossSums(shard, random.NextDouble(), random.NextDouble()), Payload(random)))];

    private static byte[] Payload(Random random)
    {
        // Magnitudes far apart, so that almost every addition rounds.
        var values = Enumerable.Range(0, Length).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 4)))).ToArray();
        return MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
    }

    private static Span<float> Floats(GradientBlock block) => MemoryMarshal.Cast<byte, float>(block.Payload.AsSpan());
}
