using VaeCluster.Contracts.Architectures;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Parameters.Architectures;
using VaeCluster.Parameters.Vectors;
using VaeCluster.Tests.Support;
using VaeCluster.Training.Models;
using static TorchSharp.torch;

namespace VaeCluster.Tests.Training.Models;

/// <summary>The architectures against their published parameter counts and PyTorch's names and shapes.</summary>
public sealed class ConvolutionalTests
{
    private static readonly DataDescription Small = new(1, 28, 28, 1, 0, "");
    private static readonly DataDescription Colour = new(3, 64, 64, 1, 0, "");

    [Theory]
    [InlineData(2, 59_525)]
    [InlineData(20, 228_905)]
    public void Conv28_HasItsParameters(int latent, int count) =>
        Assert.Equal(count, ModelLayout.Of(ASpec.With("model.kind=conv28", $"model.latent={latent}"), Small).ParameterLength);

    [Fact]
    public void Conv28_Layers_AreNamedAndShapedAsInPyTorch() =>
        Assert.Equal(
            [
                "encoder.0.weight 32x1x3x3", "encoder.0.bias 32", "encoder.2.weight 64x32x3x3", "encoder.2.bias 64",
                "encoder.5.weight 4x3136", "encoder.5.bias 4", "expand.weight 3136x2", "expand.bias 3136",
                "decoder.1.weight 64x32x3x3", "decoder.1.bias 32", "decoder.3.weight 32x1x3x3", "decoder.3.bias 1",
            ],
            Shapes(ModelLayout.Of(ASpec.With("model.kind=conv28"), Small)));

    [Fact]
    public void Conv64_HasItsParametersAndRunningStatistics()
    {
        var layout = ModelLayout.Of(Conv64(), Colour);

        Assert.Equal(3_937_635, layout.ParameterLength);
        // A mean and a variance for each channel of ten normalisations; their counts of batches stay out.
        Assert.Equal(2 * (32 + 64 + 128 + 256 + 512 + 256 + 128 + 64 + 32 + 32), layout.Length - layout.ParameterLength);
        Assert.Equal(20, layout.Slots.Count(slot => slot.IsBuffer));
        Assert.Contains("encoder.0.0.weight 32x3x3x3", Shapes(layout));
        Assert.Contains("decoder.4.1.running_var 32", Shapes(layout));
        Assert.Contains("decoder.5.weight 3x32x3x3", Shapes(layout));
    }

    [Fact]
    public void Conv64_SaysItsRangeAndStaysInIt()
    {
        using var scope = NewDisposeScope();
        using var model = ModelFactory.Create(Conv64(), Colour);

        var pixels = model.Decode(randn(3, 128).Times(100));

        Assert.Equal(PixelRange.Symmetric, model.Range);
        Assert.Equal([3L, 3 * 64 * 64], pixels.shape);
        Assert.InRange(pixels.min().ToNumber(), -1, 0);
        Assert.InRange(pixels.max().ToNumber(), 0, 1);
    }

    [Fact]
    public void Range_ThereAndBack_IsTheSamePixel()
    {
        using var scope = NewDisposeScope();
        var pixels = tensor([0.0, 0.25, 1.0]);

        var symmetric = PixelRange.Symmetric.FromUnit(pixels);

        Assert.Equal([-1.0, -0.5, 1.0], symmetric.data<double>().ToArray());
        Assert.Equal([0.0, 0.25, 1.0], PixelRange.Symmetric.ToUnit(symmetric).data<double>().ToArray());
        Assert.Same(pixels, PixelRange.Unit.FromUnit(pixels));
    }

    private static RunSpec Conv64() => ASpec.With("model.kind=conv64", "objective.likelihood=gaussian");

    private static IEnumerable<string> Shapes(ParameterLayout layout) =>
        layout.Slots.Select(slot => $"{slot.Name} {string.Join('x', slot.Shape)}");
}
