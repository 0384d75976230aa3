using TorchSharp.Modules;
using VaeCluster.Contracts.Specs;
using VaeCluster.Training.Export;
using VaeCluster.Training.Randomness;
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
    private readonly int _hidden;
    private readonly (int Channels, int Height, int Width) _image;
    private readonly Sequential _down;
    private readonly Sequential[] _encoderBlocks;
    private readonly Conv2d _toCode;
    private readonly Embedding _codebook;
    private readonly Conv2d _fromCode;
    private readonly Sequential[] _decoderBlocks;
    private readonly Sequential _up;

    /// <summary>Builds the layers.</summary>
    /// <param name="channels">Channels of an image.</param>
    /// <param name="height">Height of an image, a multiple of 4.</param>
    /// <param name="width">Width of an image, a multiple of 4.</param>
    /// <param name="hidden">Channels of the convolutions.</param>
    /// <param name="codes">Vectors in the codebook.</param>
    /// <param name="codeLength">Values in one of them.</param>
    public VqVae(int channels, int height, int width, int hidden, int codes, int codeLength)
        : base(nameof(VqVae), codeLength * (height / 4) * (width / 4))
    {
        (_image, _codeLength, _hidden) = ((channels, height, width), codeLength, hidden);
        _down = nn.Sequential(nn.Conv2d(channels, hidden, 4, 2, 1), nn.ReLU(), nn.Conv2d(hidden, hidden, 4, 2, 1));
        _encoderBlocks = [ResidualBlock(hidden), ResidualBlock(hidden)];
        _toCode = nn.Conv2d(hidden, codeLength, 1);
        _codebook = nn.Embedding(codes, codeLength);
        _fromCode = nn.Conv2d(codeLength, hidden, 3, 1, 1);
        _decoderBlocks = [ResidualBlock(hidden), ResidualBlock(hidden)];
        _up = nn.Sequential(nn.ConvTranspose2d(hidden, hidden, 4, 2, 1), nn.ReLU(), nn.ConvTranspose2d(hidden, channels, 4, 2, 1), nn.Flatten());
        register_module("down", _down);
        register_module("encoder_block1", _encoderBlocks[0]);
        register_module("encoder_block2", _encoderBlocks[1]);
        register_module("to_code", _toCode);
        register_module("codebook", _codebook);
        register_module("from_code", _fromCode);
        register_module("decoder_block1", _decoderBlocks[0]);
        register_module("decoder_block2", _decoderBlocks[1]);
        register_module("up", _up);
    }

    /// <summary>Vectors in the code of one example: the positions of its grid.</summary>
    public int Positions => Latent / _codeLength;

    /// <summary>The vectors that the encoder makes.</summary>
    /// <param name="x">Examples, shape [B, D].</param>
    /// <returns>Shape [B * positions, code length]. The caller's dispose scope owns it.</returns>
    public Tensor Encode(Tensor x)
    {
        var grid = _down.forward(x.view(-1, _image.Channels, _image.Height, _image.Width));
        return _toCode.forward(Through(_encoderBlocks, grid)).permute(0, 2, 3, 1).contiguous().view(-1, _codeLength);
    }

    /// <summary>The codebook's nearest vector to each, by squared distance; the first of several as near.</summary>
    /// <param name="vectors">Shape [N, code length].</param>
    /// <returns>Shape [N, code length], a function of the codebook alone. The caller's dispose scope owns it.</returns>
    public Tensor Nearest(Tensor vectors) => _codebook.forward(Indices(vectors));

    /// <summary>Which code is the nearest to each vector: shape [N], counted from 0. The caller's dispose scope owns it.</summary>
    /// <param name="vectors">Shape [N, code length].</param>
    public Tensor Indices(Tensor vectors)
    {
        using var noGrad = no_grad();
        // |v - e|^2 without |v|^2, which is the same for every code e.
        var distances = _codebook.weight!.square().sum(dim: 1) - (2 * vectors.matmul(_codebook.weight!.t()));
        return distances.argmin(1);
    }

    /// <inheritdoc/>
    public override Tensor Code(Tensor x) => Nearest(Encode(x)).view(-1, Latent);

    /// <inheritdoc/>
    public override Tensor Decode(Tensor z)
    {
        var grid = z.reshape(-1, _image.Height / 4, _image.Width / 4, _codeLength).permute(0, 3, 1, 2).contiguous();
        return _up.forward(Through(_decoderBlocks, _fromCode.forward(grid)));
    }

    /// <summary>Codes drawn evenly at each position: the prior under which the model is trained.</summary>
    public override Tensor DrawCodes(CounterRandom random, int count)
    {
        var draws = new float[count * Positions];
        var codes = _codebook.weight!.shape[0];
        random.FillUniform(draws, 0, codes);
        var indices = Array.ConvertAll(draws, draw => Math.Min((long)draw, codes - 1));
        return _codebook.weight!.cpu().index_select(0, tensor(indices)).view(count, Latent);
    }

    /// <summary>What a block adds to its input: conv1x1(relu(conv3x3(relu(x)))).</summary>
    private static Sequential ResidualBlock(int channels) =>
        nn.Sequential(nn.ReLU(), nn.Conv2d(channels, channels, 3, 1, 1), nn.ReLU(), nn.Conv2d(channels, channels, 1));

    private static Tensor Through(Sequential[] blocks, Tensor grid) =>
        blocks.Aggregate(grid, (input, block) => input + block.forward(input)).relu();

    /// <inheritdoc/>
    internal override ModelGraph Describe()
    {
        var (channels, height, width) = _image;
        var (hidden, codes) = (_hidden, (int)_codebook.weight!.shape[0]);
        var relu = new ActivationLayer(ActivationKind.Relu);
        StackLayer Block() => new(relu, new ConvolutionLayer(hidden, hidden, 3, 1, 1), relu, new ConvolutionLayer(hidden, hidden, 1, 1, 0));
        ResidualLayer Residual(string name) => new(new NamedLayer(name, Block()));
        return new(
            [
                new ReshapeLayer(channels, height, width),
                new NamedLayer("down", new StackLayer(new ConvolutionLayer(channels, hidden, 4, 2, 1), relu, new ConvolutionLayer(hidden, hidden, 4, 2, 1))),
                Residual("encoder_block1"), Residual("encoder_block2"), relu,
                new NamedLayer("to_code", new ConvolutionLayer(hidden, _codeLength, 1, 1, 0)),
                new PermuteLayer(0, 2, 3, 1),
                new QuantizationLayer("codebook", codes, _codeLength),
                new FlattenLayer(),
            ],
            ModelGraph.Code,
            [
                new ReshapeLayer(height / 4, width / 4, _codeLength),
                new PermuteLayer(0, 3, 1, 2),
                new NamedLayer("from_code", new ConvolutionLayer(_codeLength, hidden, 3, 1, 1)),
                Residual("decoder_block1"), Residual("decoder_block2"), relu,
                new NamedLayer("up", new StackLayer(new TransposedConvolutionLayer(hidden, hidden, 4, 2, 1, 0), relu, new TransposedConvolutionLayer(hidden, channels, 4, 2, 1, 0), new FlattenLayer())),
            ]);
    }
}
