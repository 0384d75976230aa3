using TorchSharp.Modules;
using VaeCluster.Contracts.Architectures;
using static TorchSharp.torch;

namespace VaeCluster.Training.Models;

/// <summary>Builds what layers describe.</summary>
internal static class LayerModules
{
    /// <summary>A module that computes what the layer describes, with parameters of the layer's names.</summary>
    public static nn.Module<Tensor, Tensor> Create(Layer layer)
    {
        // TorchSharp's constructors of convolutions leave a temporary tensor each; parameters and buffers detach themselves from the scope.
        using var scope = NewDisposeScope();
        return CreateModule(layer);
    }

    private static nn.Module<Tensor, Tensor> CreateModule(Layer layer) => layer switch
    {
        LinearLayer l => nn.Linear(l.From, l.To),
        ConvolutionLayer c => nn.Conv2d(c.From, c.To, c.Kernel, c.Stride, c.Padding),
        TransposedConvolutionLayer c => nn.ConvTranspose2d(c.From, c.To, c.Kernel, c.Stride, c.Padding, c.OutputPadding),
        NormalizationLayer n => CreateNormalization(n.Channels),
        ActivationLayer a => CreateActivation(a.Kind),
        FlattenLayer => nn.Flatten(),
        StackLayer s => nn.Sequential(s.Children.Select(CreateModule).ToList()),
        ILayerModule known => known.CreateModule(),
        _ => throw new ArgumentOutOfRangeException(nameof(layer), layer, "There is no such module. Implement ILayerModule in the layer."),
    };

    private static BatchNorm2d CreateNormalization(int channels)
    {
        var module = nn.BatchNorm2d(channels);
        // It would count its batches, with a Scalar that is dropped too early, and only a momentum that is not given needs the count.
        module.num_batches_tracked = null;
        return module;
    }

    private static nn.Module<Tensor, Tensor> CreateActivation(ActivationKind kind) => kind switch
    {
        ActivationKind.Relu => nn.ReLU(),
        ActivationKind.Tanh => nn.Tanh(),
        ActivationKind.LeakyRelu => Activation.LeakyRelu(),
        ActivationKind.Elu => Activation.Elu(),
        ActivationKind.Gelu => nn.GELU(),
        ActivationKind.Silu => nn.SiLU(),
        ActivationKind.Softplus => Activation.Softplus(),
        ActivationKind.Sigmoid => nn.Sigmoid(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such activation."),
    };
}
