using TorchSharp.Modules;
using VaeCluster.Contracts.Specs;
using VaeCluster.Training.Export;
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

    /// <summary>The same stack as a description.</summary>
    public static StackLayer Describe(int[] widths, ActivationKind activation)
    {
        var layers = new List<Layer>();
        for (var i = 0; i + 1 < widths.Length; i++)
        {
            if (i > 0)
                layers.Add(new ActivationLayer(activation));
            layers.Add(new LinearLayer(widths[i], widths[i + 1]));
        }
        return new([.. layers]);
    }
}
