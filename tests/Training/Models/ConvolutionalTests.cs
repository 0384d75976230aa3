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

    [Theory]
    [InlineData("model.kind=conv28", 3, 28, 28, "model.kind is conv28, which takes images of 1x28x28, and the data's are 3x28x28. Choose a model of any size such as mlp, or set data.imageSize to 28 and data.channels to 1.")]
    [InlineData("model.kind=conv28 data.source=idx data.path=x", 1, 32, 28, "model.kind is conv28, which takes images of 1x28x28, and the data's are 1x32x28. Choose a model of any size such as mlp, or data of that shape.")]
    [InlineData("model.kind=conv64 objective.likelihood=gaussian", 1, 64, 64, "model.kind is conv64, which takes images of 3x64x64, and the data's are 1x64x64. Choose a model of any size such as mlp, or set data.imageSize to 64 and data.channels to 3.")]
    [InlineData("model.kind=vq", 1, 28, 30, "model.kind is vq, which takes images whose height and width are multiples of 4, and the data's are 1x28x30. Choose a model of any size such as mlp, or set data.imageSize to such a multiple.")]
    [InlineData("objective.samples=5000 training.batch=4096 training.shards=4", 1, 28, 28, "training.batch is 4096 over 4 shards and objective.samples is 5000, so a shard decodes 5120000 images at once, about 15312 MiB a layer; at most 4096 MiB are allowed. Ask for a smaller batch, more shards or fewer samples.")]
    [InlineData("objective.samples=5000 training.batch=256 training.shards=4 model.latent=4096 model.hidden=[8]", 1, 8, 8, "training.batch is 256 over 4 shards and objective.samples is 5000, so a shard decodes 320000 images at once, about 5000 MiB a layer; at most 4096 MiB are allowed. Ask for a smaller batch, more shards or fewer samples.")]
    [InlineData("logging.gridSide=32", 3, 256, 256, "logging.gridSide is 32, so an image grid has 1024 images of 3x256x256, 201326592 values; one grid has at most 67108864. Set it to 18 or less.")]
    public void Check_OfWhatDoesNotFit_SaysTheNumbers(string settings, int channels, int height, int width, string error) =>
        Assert.Equal(error, Assert.Single(ModelFit.Check(ASpec.With(settings.Split(' ')), new(channels, height, width, 10, 0, ""))).ToString());

    [Theory]
    [InlineData("model.kind=conv28", 1, 28)]
    [InlineData("model.kind=conv64 objective.likelihood=gaussian", 3, 64)]
    [InlineData("model.kind=vq", 3, 12)]
    [InlineData("model.kind=mlp", 3, 17)]
    public void Check_OfWhatFits_IsEmpty(string settings, int channels, int side) =>
        Assert.Empty(ModelFit.Check(ASpec.With(settings.Split(' ')), new(channels, side, side, 10, 0, "")));

    private static RunSpec Conv64() => ASpec.With("model.kind=conv64", "objective.likelihood=gaussian");

    private static IEnumerable<string> Shapes(ParameterLayout layout) =>
        layout.Slots.Select(slot => $"{slot.Name} {string.Join('x', slot.Shape)}");
}
