using VaeCluster.Contracts.Specs;
using static TorchSharp.torch;

namespace VaeCluster.Training.Models;

/// <summary>The nonlinearities that a spec can name.</summary>
internal static class Activations
{
    public static nn.Module<Tensor, Tensor> Create(ActivationKind kind) => kind switch
    {
        ActivationKind.Relu => nn.ReLU(),
        ActivationKind.Tanh => nn.Tanh(),
        ActivationKind.LeakyRelu => nn.LeakyReLU(0.01),
        ActivationKind.Elu => nn.ELU(),
        ActivationKind.Gelu => nn.GELU(),
        ActivationKind.Silu => nn.SiLU(),
        ActivationKind.Softplus => nn.Softplus(),
        ActivationKind.Sigmoid => nn.Sigmoid(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such activation."),
    };
}
