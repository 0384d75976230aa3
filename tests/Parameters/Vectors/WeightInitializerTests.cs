using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Tests.Parameters.Vectors;

public sealed class WeightInitializerTests
{
    private static readonly ParameterLayout Mlp = new(
    [
        ("encoder.0.weight", [400, 784], false), ("encoder.0.bias", [400], false),
        ("encoder.2.weight", [40, 400], false), ("encoder.2.bias", [40], false),
        ("decoder.0.weight", [400, 20], false), ("decoder.0.bias", [400], false),
        ("decoder.2.weight", [784, 400], false), ("decoder.2.bias", [784], false),
    ]);

    [Fact]
    public void Initialize_LinearLayers_AreUniformWithinTheBoundOfTheirFanIn()
    {
        var vector = WeightInitializer.Initialize(Mlp, seed: 1);

        foreach (var slot in Mlp.Slots)
        {
            var values = vector.AsSpan(slot.Offset, slot.Length).ToArray();
            var fanIn = Mlp.Slots.Single(other => other.Name == slot.Name.Replace("bias", "weight", StringComparison.Ordinal)).Shape[1];
            var bound = 1 / Math.Sqrt(fanIn);
            Assert.All(values, value => Assert.InRange(value, (float)-bound, (float)bound));
            Assert.InRange(values.Max(Math.Abs), 0.9 * bound, bound);
            // Within five standard errors: the variance of the uniform distribution is a third of its bound squared.
            Assert.InRange(values.Average(), -5 * bound / Math.Sqrt(3.0 * values.Length), 5 * bound / Math.Sqrt(3.0 * values.Length));
            Assert.InRange(values.Average(value => value * value / (bound * bound / 3)), 1 - (5 * 0.9 / Math.Sqrt(values.Length)), 1 + (5 * 0.9 / Math.Sqrt(values.Length)));
        }
    }

    [Fact]
    public void Initialize_DependsOnTheSeedAndOnNothingElse()
    {
        Assert.Equal(WeightInitializer.Initialize(Mlp, 1), WeightInitializer.Initialize(Mlp, 1));
        Assert.NotEqual(WeightInitializer.Initialize(Mlp, 1), WeightInitializer.Initialize(Mlp, 2));
    }

    [Fact]
    public void Initialize_TensorsOfOneShape_Differ()
    {
        var layout = new ParameterLayout([("a.weight", [4, 4], false), ("b.weight", [4, 4], false)]);

        var vector = WeightInitializer.Initialize(layout, 1);

        Assert.NotEqual(vector[..16], vector[16..]);
    }

    [Fact]
    public void Initialize_Normalizations_StartAsTheIdentity()
    {
        var layout = new ParameterLayout(
        [
            ("conv.weight", [8, 2, 3, 3], false),
            ("conv.bias", [8], false),
            ("norm.weight", [8], false),
            ("norm.bias", [8], false),
            ("norm.running_mean", [8], true),
            ("norm.running_var", [8], true),
        ]);

        var vector = WeightInitializer.Initialize(layout, 1);

        float[] Of(string name) => layout.Slots.Where(slot => slot.Name == name).SelectMany(slot => vector.AsSpan(slot.Offset, slot.Length).ToArray()).ToArray();
        // The fan-in of a convolution is its input channels times its window.
        Assert.All(Of("conv.weight").Concat(Of("conv.bias")), value => Assert.InRange(Math.Abs(value), 0, 1 / MathF.Sqrt(18)));
        Assert.InRange(Of("conv.weight").Max(Math.Abs), 0.9f / MathF.Sqrt(18), 1 / MathF.Sqrt(18));
        Assert.All(Of("norm.weight"), value => Assert.Equal(1, value));
        Assert.All(Of("norm.bias"), value => Assert.Equal(0, value));
        Assert.All(Of("norm.running_mean"), value => Assert.Equal(0, value));
        Assert.All(Of("norm.running_var"), value => Assert.Equal(1, value));
    }
}
