using System.Collections.Immutable;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Specs;
using VaeCluster.Parameters.Compression;

namespace VaeCluster.Tests.Parameters.Compression;

public sealed class Int8EncodingTests
{
    /// <summary>No multiple of a group or of a block, so that both have a rest.</summary>
    private const int Length = 2_075;

    [Theory]
    [InlineData(1, 8)]
    [InlineData(2, 9)]
    [InlineData(4, 10)]
    [InlineData(1024, 18)]
    public void LengthOf_ANode_IsEightBitsAndOneForEachLevel(int shards, int bits) =>
        Assert.Equal(8 + (bits * 4096 / 8), new Int8Encoding().LengthOf(4096, shards));

    [Fact]
    public void Encode_IsTheFloorWithTheValuesOwnNoise()
    {
        var run = new EncodedLeaves(CompressionKind.Integer8, 1, Length, seed: 7);
        var values = Values(Length, 1);
        var scales = run.ScalesFor([.. values, .. Values(13, 2)]);

        var decoded = run.Decode(run.Encode(values, scales, step: 12), scales);

        var noise = new RoundingNoise(7, 12, 0, 0);
        for (var i = 0; i < Length; i++)
        {
            var scale = scales[i / ScaleBlocks.BlockLength];
            var integer = Math.Clamp(MathF.Floor((values[i] * (1 / scale)) + FractionAt(noise, i)), -127, 127);
            Assert.Equal(integer * scale, decoded[i]);
        }
    }

    [Fact]
    public void Encode_OverManyShards_KeepsTheMean()
    {
        const int Shards = 1024;
        var run = new EncodedLeaves(CompressionKind.Integer8, Shards, 64);
        // From one integer to the next, and further out, on a scale of 1.
        float[] values = [.. Enumerable.Range(0, 64).Select(i => (i / 16f) - 2)];
        ImmutableArray<float> scales = [1];
        var sum = new double[64];
        for (var step = 0; step < 20; step++)
        {
            for (var shard = 0; shard < Shards; shard++)
            {
                foreach (var (i, value) in run.Decode(run.Encode(values, scales, shard, step), scales).Index())
                    sum[i] += value;
            }
        }

        // The mean of 20,480 draws has a standard deviation of at most 0.5 / 143; five of them.
        for (var i = 0; i < 64; i++)
            Assert.Equal(values[i], sum[i] / (20 * Shards), 0.0175);
    }

    [Fact]
    public void Encode_WholeMultiplesOfTheScale_AreExact()
    {
        var run = new EncodedLeaves(CompressionKind.Integer8, 1, 255);
        float[] values = [.. Enumerable.Range(-127, 255).Select(i => i * 0.25f)];

        for (var step = 0; step < 200; step++)
            Assert.Equal(values, run.Decode(run.Encode(values, [0.25f], step: step), [0.25f]));
    }

    [Fact]
    public void Encode_BeyondTheRange_ClampsAndCounts()
    {
        var run = new EncodedLeaves(CompressionKind.Integer8, 2, 100);
        var values = new float[100];
        (values[3], values[50], values[99], values[98]) = (129, -1e30f, 200, 127);

        var lower = run.Encode(values, [1], shard: 0);
        var upper = run.Encode(values, [1], shard: 1);
        var sum = lower with { ShardCount = 2, Payload = GradientPayload.Add(lower, upper) };
        var decoded = run.Decode(sum, [1]);

        Assert.Equal([254, -254, 254, 254], new[] { decoded[3], decoded[50], decoded[99], decoded[98] });
        Assert.Equal(6, GradientCompression.ClampedOf(sum));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Encode_WhatIsNotFinite_MakesTheSumNotFinite(float value)
    {
        var run = new EncodedLeaves(CompressionKind.Integer8, 2, 100);
        var (finite, values) = (new float[100], new float[100]);
        values[97] = value;

        var sum = GradientPayload.Add(run.Encode(finite, [1], shard: 0), run.Encode(values, [1], shard: 1));
        var decoded = run.Decode(run.Encode(finite, [1]) with { ShardCount = 2, Payload = sum }, [1]);

        Assert.Contains(decoded, float.IsNaN);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(1024)]
    public void Add_OverAllShards_IsTheSumOfTheIntegers(int shards)
    {
        var run = new EncodedLeaves(CompressionKind.Integer8, shards, 70);
        float[][] values = [.. Enumerable.Range(0, shards).Select(shard => Enumerable.Range(0, 70).Select(i => (float)((((shard + 1) * (i + 3) * 7919) % 255) - 127)).ToArray())];
        // Every shard at the ends of the range too: nothing overflows.
        foreach (var row in values)
            (row[0], row[69]) = (127, -127);
        List<GradientBlock> level = [.. values.Select((row, shard) => run.Encode(row, [1], shard))];
        while (level.Count > 1)
            level = [.. level.Chunk(2).Select(pair => pair[0] with { ShardCount = 2 * pair[0].ShardCount, Payload = GradientPayload.Add(pair[0], pair[1]) })];

        var decoded = run.Decode(level[0], [1]);

        for (var i = 0; i < 70; i++)
            Assert.Equal(values.Sum(row => row[i]), decoded[i]);
    }

    private static float[] Values(int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 3))))];
    }

    private static float FractionAt(RoundingNoise noise, int index)
    {
        noise.Of(index / 32, out var first, out var second, out var third, out var fourth);
        return RoundingNoise.Fraction((index % 32 / 8) switch { 0 => first, 1 => second, 2 => third, _ => fourth })[index % 8];
    }
}
