using VaeCluster.Contracts.Architectures;
using static TorchSharp.torch;

namespace VaeCluster.Training.Models;

/// <summary>Layers that are computed one after the other: an encoder or a decoder.</summary>
internal sealed class LayerChain
{
    private readonly IReadOnlyList<Layer> _layers;
    private readonly Func<Tensor, Tensor>[] _steps;

    /// <summary>Builds the layers.</summary>
    /// <param name="layers">In the order of computation. What has parameters has a name.</param>
    /// <param name="register">Makes a module one of the model's, under its name.</param>
    public LayerChain(IReadOnlyList<Layer> layers, Action<string, nn.Module> register) =>
        (_layers, _steps) = (layers, [.. layers.Select(layer => Step(layer, register))]);

    /// <summary>What comes out of the last layer. The caller's dispose scope owns it.</summary>
    public Tensor Forward(Tensor x) => _steps.Aggregate(x, (value, step) => step(value));

    /// <summary>What comes to the first layer of a kind. The caller's dispose scope owns it.</summary>
    public Tensor ForwardTo<TLayer>(Tensor x)
        where TLayer : Layer => _steps.Take(_layers.TakeWhile(layer => layer is not TLayer).Count()).Aggregate(x, (value, step) => step(value));

    private static Func<Tensor, Tensor> Step(Layer layer, Action<string, nn.Module> register)
    {
        switch (layer)
        {
            case NamedLayer named:
                var module = LayerModules.Create(named.Inner);
                register(named.Name, module);
                return module.forward;
            case ResidualLayer residual:
                var inner = Step(residual.Inner, register);
                return x => x.Plus(inner(x));
            case QuantizationLayer quantization:
                var quantizer = new VectorQuantizer(nn.Embedding(quantization.Codes, quantization.Length));
                register(quantization.Name, quantizer.Codebook);
                return quantizer.Quantize;
            case ReshapeLayer reshape:
                long[] axes = [-1, .. reshape.Axes.Select(axis => (long)axis)];
                return x => x.reshape(axes);
            case PermuteLayer permute:
                long[] order = [.. permute.Axes.Select(axis => (long)axis)];
                return x => x.permute(order).contiguous();
            default:
                return LayerModules.Create(layer).forward;
        }
    }
}
