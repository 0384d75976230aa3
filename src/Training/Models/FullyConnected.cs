using TorchSharp.Modules;
using VaeCluster.Contracts.Specs;
using static TorchSharp.torch;

namespace VaeCluster.Training.Models;

/// <summary>Stacks of linear layers, with a nonlinearity after each but the last.</summary>
internal static class FullyConnected
{
    /// <summary>The stack from the first width to the last.</summary>
    public static Sequential Layers(int[] widths, ActivationKind activation)
    {
        var layers = new List<nn.Module<Tensor, Tensor>>();
        for (var i = 0; i + 1 < widths.Length; i++)
        {
            if (i > 0)
                layers.Add(Activations.Create(activation));
            layers.Add(nn.Linear(widths[i], widths[i + 1]));
        }
        return nn.Sequential(layers);
    }
}
