using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VaeCluster.Training.Models;

/// <summary>Replaces vectors by the nearest of a codebook's, by squared distance; the first of several as near.</summary>
internal sealed class VectorQuantizer(Embedding codebook)
{
    /// <summary>The codebook: its weight has the shape [codes, length].</summary>
    public Embedding Codebook { get; } = codebook;

    /// <summary>Which code is the nearest to each vector: counted from 0, without the last axis. The caller's dispose scope owns it.</summary>
    /// <param name="vectors">Shape [..., length].</param>
    public Tensor Indices(Tensor vectors)
    {
        using var noGrad = no_grad();
        var codes = Codebook.weight!;
        // |v - e|^2 without |v|^2, which is the same for every code e.
        var distances = codes.Squared().sum(dim: 1) - vectors.matmul(codes.t()).Times(2);
        return distances.argmin(-1);
    }

    /// <summary>The nearest codes, shape [..., length]: a function of the codebook alone. The caller's dispose scope owns them.</summary>
    /// <param name="vectors">Shape [..., length].</param>
    public Tensor Quantize(Tensor vectors) => Codebook.forward(Indices(vectors));
}
