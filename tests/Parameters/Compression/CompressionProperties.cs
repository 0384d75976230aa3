using CsCheck;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Specs;
using VaeCluster.Parameters.Compression;
using VaeCluster.Parameters.Reduction;

namespace VaeCluster.Tests.Parameters.Compression;

/// <summary>What holds for every encoding, gradient and division of the shards. A failure prints its seed.</summary>
public sealed class CompressionProperties
{
    private sealed record Case(EncodedLeaves Leaves, float[][] Values, System.Collections.Immutable.ImmutableArray<float> Scales)
    {
        public GradientBlock[] Encode() => [.. Values.Select((values, shard) => Leaves.Encode(values, Scales, shard))];
    }

    private static readonly Gen<Case> Cases =
        from kind in EncodedLeaves.Kind
        from levels in Gen.Int[0, 4]
        from gradients in Gen.OneOf(Gen.Int[40, 100], Gen.Int[1000, 1100])
        from buffers in Gen.Int[0, 5]
        from values in EncodedLeaves.Value.Array[gradients + buffers].Array[1 << levels]
        from sum in EncodedLeaves.Value.Array[7]
        select Create(kind, gradients, buffers, values, [.. sum, 1]);

    private static Case Create(CompressionKind kind, int gradients, int buffers, float[][] values, float[] sum)
    {
        var leaves = new EncodedLeaves(kind, values.Length, gradients, buffers);
        return new(leaves, values, leaves.ScalesFor(sum));
    }

    [Fact]
    public void Root_WhateverOrderDivisionAndRepetition_IsTheSameBytes() =>
        (from test in Cases from order in Gen.Shuffle(Enumerable.Range(0, test.Values.Length).ToArray()) from divided in Gen.Bool.Array[2 * test.Values.Length] select (test, order, divided))
        .Sample(sample =>
        {
            var (test, order, divided) = sample;
            var canonical = Sum(test.Encode(), 0, test.Values.Length);
            var tree = new ReductionTree(test.Values.Length);
            var leaves = test.Encode();
            foreach (var shard in order)
            {
                // Some shards are added up before they are sent, as a trainer with both of them would, and some come twice.
                var isPair = divided[shard / 2] && test.Values.Length > 1;
                var block = isPair ? Sum(test.Encode(), shard & ~1, 2) : leaves[shard];
                var copy = Copy(block);
                Assert.Equal(!tree.Holds(block.FirstShard, block.ShardCount), tree.Offer(block));
                if (divided[test.Values.Length + shard])
                    Assert.False(tree.Offer(copy));
            }
            Assert.Equal(canonical.Format, tree.Root!.Format);
            Assert.Equal(canonical.Payload.Bytes, tree.Root.Payload.Bytes);
        });

    [Fact]
    public void Payload_OfEveryNode_HasTheLengthOfItsFormat() => Cases.Sample(test =>
    {
        var scales = test.Scales;
        for (var count = 1; count <= test.Values.Length; count *= 2)
        {
            var block = Sum(test.Encode(), 0, count);
            Assert.Equal(test.Leaves.Compression.FormatOf(0, scales), block.Format);
            Assert.Equal(test.Leaves.Compression.LengthOf(0, block.Format, count), block.Payload.Length);
        }
    });

    [Fact]
    public void Root_Decoded_IsNearTheSum() => Cases.Sample(test =>
    {
        var decoded = test.Leaves.Decode(Sum(test.Encode(), 0, test.Values.Length), test.Scales);
        var blocks = new ScaleBlocks(test.Scales.AsSpan());
        var kind = test.Leaves.Spec.Training.Compression;
        for (var i = 0; i < test.Leaves.Layout.ParameterLength; i++)
        {
            var (exact, magnitude) = (0.0, 0.0);
            foreach (var values in test.Values)
                (exact, magnitude) = (exact + values[i], magnitude + Math.Abs(values[i]));
            var scale = kind == CompressionKind.Bf16 ? 0 : blocks[i / ScaleBlocks.BlockLength];
            var isClamped = kind switch
            {
                CompressionKind.Integer8 => test.Values.Any(values => Math.Abs(values[i]) > 126 * scale),
                CompressionKind.Fp16 => magnitude > 127 * 2000 * scale,
                _ => false,
            };
            var bound = kind switch
            {
                CompressionKind.Integer8 => scale * 1.001 * test.Values.Length,
                // Half of the last bit each time that something is rounded, which is once more than there are levels; bf16 leaves take a whole one.
                CompressionKind.Fp16 => (magnitude * 5 / 2048) + (scale * 1e-3),
                _ => (magnitude * 6 / 256) + 1e-38,
            };
            if (!isClamped)
                Assert.InRange(decoded[i] - exact, -bound, bound);
        }
    });

    [Fact]
    public void Buffers_AreTheFloatSum() => Cases.Sample(test =>
    {
        var decoded = test.Leaves.Decode(Sum(test.Encode(), 0, test.Values.Length), test.Scales);
        for (var i = test.Leaves.Layout.ParameterLength; i < test.Leaves.Layout.Length; i++)
            Assert.Equal(SumOf(test.Values, i, 0, test.Values.Length), decoded[i]);
    });

    private static float SumOf(float[][] values, int index, int first, int count) =>
        count == 1 ? values[first][index] : SumOf(values, index, first, count / 2) + SumOf(values, index, first + (count / 2), count / 2);

    /// <summary>The definition: a node is its lower half plus its upper half.</summary>
    private static GradientBlock Sum(GradientBlock[] leaves, int first, int count)
    {
        if (count == 1)
            return leaves[first];
        var (lower, upper) = (Sum(leaves, first, count / 2), Sum(leaves, first + (count / 2), count / 2));
        return lower with { ShardCount = count, Payload = GradientPayload.Add(lower, upper) };
    }

    private static GradientBlock Copy(GradientBlock block) => block with { Payload = PartBuffer.Wrap(block.Payload.Bytes.ToArray()) };
}
