using System.Collections.Immutable;
using System.Runtime.InteropServices;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Specs;
using VaeCluster.Parameters.Compression;
using VaeCluster.Parameters.Vectors;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Parameters.Compression;

public sealed class GradientScalesTests
{
    private static readonly GradientScales Scales = Of(CompressionKind.Integer8, new ParameterLayout([("weight", [2_100], false), ("running_mean", [10], true)]));

    [Fact]
    public void Next_IsTheLargestOfEachBlock_WithHeadroom()
    {
        var gradient = new float[2_110];
        (gradient[0], gradient[1_023], gradient[1_024], gradient[2_099], gradient[2_100]) = (1, -2, 0.5f, 4, 1_000);

        var next = Scales.Next(0, Part(gradient), []);

        // Four shards, whose root is 2; buffers do not count.
        Assert.Equal([2 * 4 / 254f, 0.5f * 4 / 254f, 4 * 4 / 254f], next, (expected, found) => Math.Abs(expected - found) < 1e-7f);
    }

    [Fact]
    public void Next_OfASmallerGradient_KeepsNineTenths()
    {
        var gradient = new float[2_110];
        gradient[0] = 1e-9f;

        Assert.Equal([0.9f, 2, 3], Scales.Next(0, Part(gradient), [1, 2, 3]));
    }

    [Fact]
    public void Next_OfAZeroGradient_KeepsWhatThereIs() => Assert.Equal([0, 2, 3], Scales.Next(0, Part(new float[2_110]), [0, 2, 3]));

    [Theory]
    [InlineData(1e-44f)]
    [InlineData(1e38f)]
    public void Next_OfExtremeGradients_HasAReciprocal(float value)
    {
        var gradient = new float[2_110];
        gradient.AsSpan().Fill(value);

        Assert.All(Scales.Next(0, Part(gradient), []), scale => Assert.True(float.IsNormal(scale) && float.IsNormal(1 / scale)));
    }

    [Fact]
    public void ScaleBlocks_WithoutOneOfItsOwn_TakesTheLargest()
    {
        var blocks = new ScaleBlocks([0, 0.25f, 0.5f]);

        Assert.True(blocks.AreKnown);
        Assert.Equal([0.5f, 0.25f, 0.5f], new[] { blocks[0], blocks[1], blocks[2] });
        Assert.False(new ScaleBlocks([0, 0]).AreKnown);
        Assert.False(new ScaleBlocks([]).AreKnown);
    }

    [Fact]
    public void ToBytes_AndBack_IsTheSame()
    {
        var layout = new ParameterLayout([("weight", [ParameterLayout.PartLengthMax + 1_500], false), ("running_mean", [10], true)]);
        ImmutableArray<float> first = [.. Enumerable.Range(0, 256).Select(i => (float)i)];

        var bytes = GradientScales.ToBytes([first, [7, 8]]);

        Assert.Equal(GradientScales.BytesIn(layout, PartRange.All(layout)), bytes.Length);
        Assert.Equal([[.. first], [7, 8]], Of(CompressionKind.Integer8, layout).Parse(PartRange.All(layout), bytes).Select(part => part.ToArray()));
        // The second part alone.
        Assert.Equal((4 * 256, 8), (GradientScales.BytesBefore(layout, new(1, 1)), GradientScales.BytesIn(layout, new(1, 1))));
        Assert.Equal([[7, 8]], Of(CompressionKind.Integer8, layout).Parse(new(1, 1), bytes.AsMemory(4 * 256)).Select(part => part.ToArray()));
    }

    [Fact]
    public void ToBytes_BeforeTheFirstStep_IsEmpty()
    {
        Assert.Empty(GradientScales.ToBytes([]));
        Assert.Empty(Scales.Parse(new(0, 1), Array.Empty<byte>()));
    }

    [Theory]
    [InlineData(CompressionKind.Integer8, 12)]
    [InlineData(CompressionKind.Bf16, 0)]
    [InlineData(CompressionKind.None, 0)]
    public void Parse_OfAnotherLength_SaysSo(CompressionKind kind, int expected)
    {
        var scales = Of(kind, new ParameterLayout([("weight", [2_100], false)]));

        var e = Assert.Throws<ArgumentException>(() => scales.Parse(new(0, 1), new byte[4]));

        Assert.Equal($"The state has 4 bytes of scales; parts 0 to 0 have {expected}. (Parameter 'bytes')", e.Message);
    }

    private static GradientScales Of(CompressionKind kind, ParameterLayout layout) =>
        new GradientCompression(ASpec.With($"training.compression={SpecNames.Of(kind)}", "training.shards=4"), layout).Scales;

    private static PartBuffer Part(float[] values) => PartBuffer.Wrap(MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
}
