using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Specs;

namespace VaeCluster.Tests.Parameters.Compression;

public sealed class GradientCompressionTests
{
    [Theory]
    [InlineData(CompressionKind.None, GradientEncoding.Plain, GradientEncoding.Plain)]
    [InlineData(CompressionKind.Bf16, GradientEncoding.BFloat16, GradientEncoding.BFloat16)]
    [InlineData(CompressionKind.Fp16, GradientEncoding.Plain, GradientEncoding.Float16)]
    [InlineData(CompressionKind.Integer8, GradientEncoding.Plain, GradientEncoding.Integer8)]
    public void FormatOf_WithoutScales_AndWith(CompressionKind kind, GradientEncoding without, GradientEncoding with)
    {
        var run = new EncodedLeaves(kind, 4, 500, 20);

        Assert.Equal(without, run.Compression.FormatOf(0, []).Encoding);
        Assert.Equal(without, run.Compression.FormatOf(0, [0]).Encoding);
        Assert.Equal(with, run.Compression.FormatOf(0, run.ScalesFor(1)).Encoding);
    }

    [Fact]
    public void FormatOf_NamesWhatIsEncodedAndWhatIsNot() =>
        Assert.Equal(new PayloadFormat(GradientEncoding.BFloat16, 500, 20), new EncodedLeaves(CompressionKind.Bf16, 4, 500, 20).Compression.FormatOf(0, []));

    [Theory]
    [InlineData(CompressionKind.Bf16, 1)]
    [InlineData(CompressionKind.Integer8, 9)]
    public void FormatOf_WhereNothingIsSaved_IsPlain(CompressionKind kind, int gradients)
    {
        var run = new EncodedLeaves(kind, 4, gradients, 300);

        Assert.Equal(default, run.Compression.FormatOf(0, run.ScalesFor(1)));
    }

    [Fact]
    public void Encode_WithoutScales_LeavesTheGradientAsItIs()
    {
        var run = new EncodedLeaves(CompressionKind.Integer8, 4, 500);
        float[] values = [.. Enumerable.Range(0, 500).Select(i => MathF.Sin(i))];

        var block = run.Encode(values, []);

        Assert.Equal(default, block.Format);
        Assert.Equal(values, block.Payload.Values);
    }

    [Fact]
    public void Encode_AnotherStepShardOrSeed_RoundsOtherwise()
    {
        float[] values = [.. Enumerable.Range(0, 500).Select(i => MathF.Sin(i))];
        var run = new EncodedLeaves(CompressionKind.Integer8, 4, 500);
        var scales = run.ScalesFor(1);
        byte[] BytesOf(EncodedLeaves leaves, int shard, long step) => leaves.Encode(values, scales, shard, step).Payload.Bytes.ToArray();
        var first = BytesOf(run, 1, 2);

        Assert.Equal(first, BytesOf(run, 1, 2));
        Assert.NotEqual(first, BytesOf(run, 2, 2));
        Assert.NotEqual(first, BytesOf(run, 1, 3));
        Assert.NotEqual(first, BytesOf(new EncodedLeaves(CompressionKind.Integer8, 4, 500, seed: 2), 1, 2));
    }

    [Fact]
    public void Decode_KeepsTheBlocksReference()
    {
        var run = new EncodedLeaves(CompressionKind.Integer8, 1, 500);
        var plain = run.Encode(new float[500], []);
        var encoded = run.Encode(new float[500], [1]);

        run.Compression.Decode(plain, []).Release();
        run.Compression.Decode(encoded, [1]).Release();

        Assert.Equal(2_000, plain.Payload.Bytes.Length);
        Assert.NotEqual(0, encoded.Payload.Bytes.Length);
    }
}
