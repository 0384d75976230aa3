using System.Runtime.InteropServices;
using TorchSharp;
using VaeCluster.Contracts.Architectures;
using VaeCluster.Parameters.Architectures;
using VaeCluster.Tests.Support;
using VaeCluster.Training.Models;
using static TorchSharp.torch;

namespace VaeCluster.Tests.Training.Models;

public sealed class MlpVaeTests
{
    [Fact]
    public void Layout_Of784_512_20_HasPyTorchsNamesAndShapes()
    {
        var layout = ModelLayout.Of(ASpec.With(), ASpec.Data(1, side: 28));

        Assert.Equal(
            [
                "encoder.0.weight 512x784 @0",
                "encoder.0.bias 512 @401408",
                "encoder.2.weight 40x512 @401920",
                "encoder.2.bias 40 @422400",
                "decoder.0.weight 512x20 @422440",
                "decoder.0.bias 512 @432680",
                "decoder.2.weight 784x512 @433192",
                "decoder.2.bias 784 @834600",
            ],
            layout.Slots.Select(slot => $"{slot.Name} {string.Join('x', slot.Shape)} @{slot.Offset}"));
        Assert.Equal(835_384, layout.ParameterLength);
        Assert.Equal(835_384, layout.Length);
    }

    [Theory]
    [InlineData("model.kind=mlp-2d", 807_700)]
    [InlineData("model.kind=iwae-mlp", 425_284)]
    public void Layout_OfAPreset_HasItsParameters(string preset, int count) =>
        Assert.Equal(count, ModelLayout.Of(ASpec.With(preset), ASpec.Data(1, side: 28)).ParameterLength);

    [Theory]
    [InlineData("model.kind=mlp")]
    [InlineData("model.kind=mlp", "objective.likelihood=gaussian", "objective.sigmaMode=learned", "objective.collapse.action=lower-beta")]
    [InlineData("model.kind=conv28")]
    [InlineData("model.kind=vq")]
    public void Layout_OfAModel_LeavesNoTensors(params string[] settings)
    {
        // Counted on this thread, which runs nothing else before this method returns.
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

        ModelLayout.Of(ASpec.With(settings), ASpec.Data(1, side: 28));

        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Layout_OfSeveralHiddenLayers_IsMirrored()
    {
        var layout = ModelLayout.Of(ASpec.With("model.hidden=[7,5]", "model.latent=3"), ASpec.Data(1, side: 3));

        Assert.Equal(
            ["7x9", "5x7", "6x5", "5x3", "7x5", "9x7"],
            layout.Slots.Where(slot => slot.Shape.Count == 2).Select(slot => string.Join('x', slot.Shape)));
        Assert.Equal("encoder.4.weight", layout.Slots[4].Name);
    }

    [Fact]
    public void Encode_And_Decode_AreTheLayersByHand()
    {
        using var scope = NewDisposeScope();
        using var model = Modules.Mlp(4, [3], 2, ActivationKind.Tanh).to(ScalarType.Float64);
        var x = new double[] { 0.1, 0.9, 0.4, 0.0 };
        var z = new double[] { -0.7, 1.3 };

        var (mean, logVariance) = model.Encode(tensor(x, [1, 4]));
        var output = model.Decode(tensor(z, [1, 2]));

        var encoded = Linear(model, "encoder.2", [.. Linear(model, "encoder.0", x).Select(Math.Tanh)]);
        Close(encoded[..2], mean);
        Close(encoded[2..], logVariance);
        Close(Linear(model, "decoder.2", [.. Linear(model, "decoder.0", z).Select(Math.Tanh)]), output);
        // Without noise the whole goes through the mean.
        Close(Linear(model, "decoder.2", [.. Linear(model, "decoder.0", encoded[..2]).Select(Math.Tanh)]), model.forward(tensor(x, [1, 4])));
    }

    [Theory]
    [InlineData(ActivationKind.Relu, -1.5, 0)]
    [InlineData(ActivationKind.Relu, 1.5, 1.5)]
    [InlineData(ActivationKind.Tanh, 0.5, 0.46211715726000973)]
    [InlineData(ActivationKind.LeakyRelu, -1.5, -0.015)]
    [InlineData(ActivationKind.Elu, -1.0, -0.6321205588285577)]
    [InlineData(ActivationKind.Gelu, 1.0, 0.8413447460685429)]
    [InlineData(ActivationKind.Silu, 1.0, 0.7310585786300049)]
    [InlineData(ActivationKind.Softplus, 1.0, 1.3132616875182228)]
    [InlineData(ActivationKind.Sigmoid, 1.0, 0.7310585786300049)]
    public void Activation_OfEachName_IsItsFunction(ActivationKind kind, double input, double output)
    {
        using var scope = NewDisposeScope();
        // One hidden unit between weights of one: what comes out is the activation of what goes in.
        using var model = Modules.Mlp(1, [1], 1, kind).to(ScalarType.Float64);
        foreach (var (name, parameter) in model.named_parameters())
            MemoryMarshal.Cast<byte, double>(parameter.bytes).Fill(name.EndsWith("weight", StringComparison.Ordinal) ? 1 : 0);

        Assert.Equal(output, model.Decode(tensor(input).reshape(1, 1)).ToNumber(), 1e-12);
    }

    private static double[] Linear(Vae model, string layer, double[] input)
    {
        var (weight, bias) = (Values(model.get_parameter(layer + ".weight")!), Values(model.get_parameter(layer + ".bias")!));
        return [.. Enumerable.Range(0, bias.Length).Select(row => bias[row] + input.Select((value, column) => value * weight[(row * input.Length) + column]).Sum())];
    }

    private static double[] Values(Tensor tensor) => MemoryMarshal.Cast<byte, double>(tensor.bytes).ToArray();

    private static void Close(double[] expected, Tensor actual)
    {
        var values = Values(actual.contiguous());
        Assert.Equal(expected.Length, values.Length);
        Assert.All(expected.Zip(values), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }
}
