using CsCheck;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Parameters.Reduction;
using static VaeCluster.Tests.Parameters.Reduction.ReductionBlocks;

namespace VaeCluster.Tests.Parameters.Reduction;

/// <summary>The sum is the same bits for every way in which shards can be divided, added up, ordered and sent twice. A failure prints its seed.</summary>
public sealed class ReductionTreeProperties
{
    /// <summary>Magnitudes far apart, so that almost every addition rounds.</summary>
    private static readonly Gen<float> Value = Gen.Select(Gen.Float[-1, 1], Gen.Int[-3, 4], (value, exponent) => value * MathF.Pow(10, exponent));

    private static readonly Gen<GradientBlock[]> Leaves =
        from levels in Gen.Int[0, 5]
        from values in Value.Array[Length].Array[1 << levels]
        select values.Select((row, shard) => Block(shard, 1, new LossSums(shard, row[0], row[1]), row)).ToArray();

    /// <summary>Leaves, and what trainers send of them: aligned blocks that cover every shard, some of them again or inside others, in any order.</summary>
    private static readonly Gen<(GradientBlock[] Leaves, GradientBlock[] Sent)> Cases =
        from leaves in Leaves
        from cover in Cover(leaves, 0, leaves.Length)
        from again in Node(leaves).Array[0, 4]
        from sent in Gen.Shuffle(cover.Concat(again).ToArray())
        select (leaves, sent);

    [Fact]
    public void Root_WhateverDivisionOrderAndRepetition_IsTheSameBits() => Cases.Sample(test =>
    {
        var tree = new ReductionTree(test.Leaves.Length);
        foreach (var block in test.Sent)
        {
            var isNew = !tree.Holds(block.FirstShard, block.ShardCount);
            Assert.Equal(isNew, tree.Offer(Copy(block)));
            Assert.False(tree.Offer(Copy(block)));
        }

        var canonical = Sum(test.Leaves, 0, test.Leaves.Length);
        Assert.NotNull(tree.Root);
        Assert.Equal(Floats(canonical), Floats(tree.Root));
        Assert.Equal(canonical.Losses, tree.Root.Losses);
    });

    [Fact]
    public void Blocks_AtEveryMoment_AreApart_AndNoSiblings() => Cases.Sample(test =>
    {
        var tree = new ReductionTree(test.Leaves.Length);
        foreach (var block in test.Sent)
        {
            tree.Offer(Copy(block));
            foreach (var (lower, upper) in tree.Blocks.Zip(tree.Blocks.Skip(1)))
            {
                Assert.True(lower.FirstShard + lower.ShardCount <= upper.FirstShard);
                Assert.False(lower.ShardCount == upper.ShardCount && lower.FirstShard + lower.ShardCount == upper.FirstShard && lower.FirstShard / lower.ShardCount % 2 == 0);
            }
        }
    });

    /// <summary>The leaves, some of them added up to aligned blocks as a trainer with several shards would.</summary>
    private static Gen<GradientBlock[]> Cover(GradientBlock[] leaves, int first, int count) => Gen.Int[0, 2].SelectMany(choice =>
        count == 1 || choice == 0
            ? Gen.Const(new[] { Sum(leaves, first, count) })
            : Gen.Select(
                Cover(leaves, first, count / 2),
                Cover(leaves, first + (count / 2), count / 2),
                (lower, upper) => (GradientBlock[])[.. lower, .. upper]));

    private static Gen<GradientBlock> Node(GradientBlock[] leaves) =>
        from level in Gen.Int[0, int.Log2(leaves.Length)]
        from place in Gen.Int[0, (leaves.Length >> level) - 1]
        select Sum(leaves, place << level, 1 << level);
}
