using CsCheck;
using VaeCluster.Contracts.Specs;
using VaeCluster.Parameters.Compression;

namespace VaeCluster.Tests.Parameters.Compression;

/// <summary>The two encodings of 16 bits.</summary>
public sealed class HalfEncodingTests
{
    [Fact]
    public void BFloat16_OverManyShards_KeepsTheMean()
    {
        const int Shards = 1024;
        var run = new EncodedLeaves(CompressionKind.Bf16, Shards, 40);
        // Between two neighbours, which are 2^-7 apart.
        float[] values = [.. Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? 1 : -1) * (1 + (i / 40f / 128)))];
        var sum = new double[40];
        for (var step = 0; step < 20; step++)
        {
            for (var shard = 0; shard < Shards; shard++)
            {
                foreach (var (i, value) in run.Decode(run.Encode(values, [], shard, step), []).Index())
                    sum[i] += value;
            }
        }

        for (var i = 0; i < 40; i++)
            Assert.Equal(values[i], sum[i] / (20 * Shards), 0.0175 / 128);
    }

    [Fact]
    public void BFloat16_WhatHas8Bits_IsExact()
    {
        var run = new EncodedLeaves(CompressionKind.Bf16, 1, 255);
        float[] values = [.. Enumerable.Range(-127, 255).Select(i => i * 1e-4f)];
        float[] exact = [.. values.Select(value => BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(value) & unchecked((int)0xFFFF_0000)))];

        Assert.Equal(exact, run.Decode(run.Encode(exact, []), []));
    }

    /// <summary>Against the nearest of the two neighbours, found in double precision.</summary>
    [Fact]
    public void BFloat16_Add_RoundsToTheNearest() => (from a in EncodedLeaves.Value from b in EncodedLeaves.Value select (a, b)).Sample(pair =>
    {
        var run = new EncodedLeaves(CompressionKind.Bf16, 2, 40);
        var lower = run.Encode([.. Enumerable.Repeat(pair.a, 40)], [], shard: 0);
        var upper = run.Encode([.. Enumerable.Repeat(pair.b, 40)], [], shard: 1);
        var (left, right) = (run.Decode(lower, [])[0], run.Decode(upper, [])[0]);

        var sum = run.Decode(lower with { ShardCount = 2, Payload = GradientPayload.Add(lower, upper) }, [])[0];

        var exact = left + right;
        var below = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(exact) & unchecked((int)0xFFFF_0000));
        var above = BitConverter.Int32BitsToSingle((BitConverter.SingleToInt32Bits(exact) & unchecked((int)0xFFFF_0000)) + 0x1_0000);
        Assert.Equal(Math.Min(Math.Abs((double)below - exact), Math.Abs((double)above - exact)), Math.Abs((double)sum - exact));
    });

    [Theory]
    [InlineData(CompressionKind.Bf16, float.NaN)]
    [InlineData(CompressionKind.Bf16, float.PositiveInfinity)]
    [InlineData(CompressionKind.Fp16, float.NaN)]
    [InlineData(CompressionKind.Fp16, float.NegativeInfinity)]
    public void Encode_WhatIsNotFinite_MakesTheSumNotFinite(CompressionKind kind, float value)
    {
        var run = new EncodedLeaves(kind, 2, 100);
        var scales = run.ScalesFor(1);
        var (finite, values) = (new float[100], new float[100]);
        // A NaN whose payload is in the bits that are cut off must not become infinite by a carry, nor finite.
        (values[5], values[97]) = (value, BitConverter.Int32BitsToSingle(0x7FFF_FFFF));

        var lower = run.Encode(finite, scales, shard: 0);
        var sum = lower with { ShardCount = 2, Payload = GradientPayload.Add(lower, run.Encode(values, scales, shard: 1)) };
        var decoded = run.Decode(sum, scales);

        Assert.Equal([5, 97], decoded.Index().Where(entry => !float.IsFinite(entry.Item)).Select(entry => entry.Index));
    }

    [Fact]
    public void Float16_BeyondTheRange_ClampsAndStaysFinite()
    {
        var run = new EncodedLeaves(CompressionKind.Fp16, 2, 100);
        var scales = run.ScalesFor(1);
        float[] values = [.. Enumerable.Repeat(1e9f, 100)];

        var lower = run.Encode(values, scales, shard: 0);
        var one = run.Decode(lower with { }, scales)[0];
        var decoded = run.Decode(lower with { ShardCount = 2, Payload = GradientPayload.Add(lower, run.Encode(values, scales, shard: 1)) }, scales);

        Assert.True(one > 1000);
        Assert.All(decoded, value => Assert.Equal(one, value));
    }
}
