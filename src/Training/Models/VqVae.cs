using TorchSharp.Modules;
using VaeCluster.Data.Randomness;
using VaeCluster.Parameters.Architectures;
using static TorchSharp.torch;

namespace VaeCluster.Training.Models;

/// <summary>
/// The vector-quantised autoencoder (van den Oord, Vinyals and Kavukcuoglu 2017): two strided convolutions and two residual blocks make a grid of
/// vectors, a quarter of the image's side; each is replaced by the nearest vector of a codebook, and the mirror image of the encoder
/// decodes the grid. The codebook is a parameter like any other and moves by its gradient, so it reduces over trainers like any other.
/// </summary>
public sealed class VqVae : Autoencoder
{
    private readonly int _codeLength;
    private readonly VectorQuantizer _quantizer;

    /// <summary>Builds the layers.</summary>
    /// <param name="channels">Channels of an image.</param>
    /// <param name="height">Height of an image, a multiple of 4.</param>
    /// <param name="width">Width of an image, a multiple of 4.</param>
    /// <param name="hidden">Channels of the convolutions.</param>
    /// <param name="codes">Vectors in the codebook.</param>
    /// <param name="codeLength">Values in one of them.</param>
    public VqVae(int channels, int height, int width, int hidden, int codes, int codeLength)
        : base(nameof(VqVae), codeLength * (height / 4) * (width / 4), VqGraph.Create(channels, height, width, hidden, codes, codeLength))
    {
        _codeLength = codeLength;
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
