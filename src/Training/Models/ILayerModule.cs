using static TorchSharp.torch;

namespace VaeCluster.Training.Models;

/// <summary>
/// How the module of a layer is built that the product does not know. A layer of an extension derives from
/// <see cref="VaeCluster.Contracts.Architectures.Layer"/> and implements this. Such a model trains, is evaluated and exported as safetensors; the
/// other forms know only the layers of the product.
/// </summary>
public interface ILayerModule
{
    /// <summary>A module that computes what the layer describes, with parameters and buffers of the names, shapes and order that the layer says.</summary>
    nn.Module<Tensor, Tensor> CreateModule();
}
