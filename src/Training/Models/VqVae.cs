using TorchSharp.Modules;
using VaeCluster.Contracts.Architectures;
using VaeCluster.Data.Randomness;
using static TorchSharp.torch;

namespace VaeCluster.Training.Models;

/// <summary>
/// A vector-quantised autoencoder (van den Oord, Vinyals and Kavukcuoglu 2017): the encoder makes a grid of vectors, each is replaced by the nearest
/// vector of a codebook, and the decoder decodes the grid. The codebook is a parameter like any other and moves by its gradient, so it
/// reduces over trainers like any other.
/// </summary>
public sealed class VqVae : Autoencoder
{
    private readonly int _codeLength;
    private readonly VectorQuantizer _quantizer;

    /// <summary>Builds the layers.</summary>
    /// <param name="name">The kind of model.</param>
    /// <param name="latent">Values in the code of one example, over all positions.</param>
    /// <param name="graph">The layers as a description; one of the encoder's quantises.</param>
    public VqVae(string name, int latent, ModelGraph graph)
        : base(name, latent, graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        _codeLength = graph.Encoder.OfType<QuantizationLayer>().Single().Length;
        _quantizer = new VectorQuantizer(children().OfType<Embedding>().Single());
    }

    /// <summary>Vectors in the code of one example: the positions of its grid.</summary>
    public int Positions => Latent / _codeLength;

    /// <summary>The vectors that the encoder makes.</summary>
    /// <param name="x">Examples, shape [B, D].</param>
    /// <returns>Shape [B * positions, code length]. The caller's dispose scope owns it.</returns>
    public Tensor Encode(Tensor x) => Encoder.ForwardTo<QuantizationLayer>(x).view(-1, _codeLength);

    /// <summary>The codebook's nearest vector to each, by squared distance; the first of several as near.</summary>
    /// <param name="vectors">Shape [N, code length].</param>
    /// <returns>Shape [N, code length], a function of the codebook alone. The caller's dispose scope owns it.</returns>
    public Tensor Nearest(Tensor vectors) => _quantizer.Quantize(vectors);

    /// <summary>Which code is the nearest to each vector: shape [N], counted from 0. The caller's dispose scope owns it.</summary>
    /// <param name="vectors">Shape [N, code length].</param>
    public Tensor Indices(Tensor vectors) => _quantizer.Indices(vectors);

    /// <summary>Codes drawn evenly at each position: the prior under which the model is trained.</summary>
    public override Tensor DrawCodes(CounterRandom random, int count)
    {
        var (draws, table) = (new float[count * Positions], _quantizer.Codebook.weight!);
        var codes = table.shape[0];
        random.FillUniform(draws, 0, codes);
        var indices = Array.ConvertAll(draws, draw => Math.Min((long)draw, codes - 1));
        return table.cpu().index_select(0, tensor(indices)).view(count, Latent);
    }
}
