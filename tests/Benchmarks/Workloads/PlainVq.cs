using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VaeCluster.Benchmarks.Workloads;

/// <summary>
/// The vector-quantised autoencoder of the product's defaults (64 channels, 128 codes of 16 values), as a first program has it.
/// </summary>
internal sealed class PlainVq : nn.Module<Tensor, Tensor>
{
    private const int Hidden = 64;
    private const int CodeLength = 16;
    private const double Commitment = 0.25;

    private readonly Sequential _down = nn.Sequential(nn.Conv2d(1, Hidden, 4, 2, 1), nn.ReLU(), nn.Conv2d(Hidden, Hidden, 4, 2, 1));
    private readonly Sequential _encoder1 = Block();
    private readonly Sequential _encoder2 = Block();
    private readonly Conv2d _toCode = nn.Conv2d(Hidden, CodeLength, 1);
    private readonly Embedding _codebook = nn.Embedding(128, CodeLength);
    private readonly Conv2d _fromCode = nn.Conv2d(CodeLength, Hidden, 3, 1, 1);
    private readonly Sequential _decoder1 = Block();
    private readonly Sequential _decoder2 = Block();
    private readonly Sequential _up =
        nn.Sequential(nn.ConvTranspose2d(Hidden, Hidden, 4, 2, 1), nn.ReLU(), nn.ConvTranspose2d(Hidden, 1, 4, 2, 1));

    /// <summary>Builds the layers.</summary>
    public PlainVq()
        : base(nameof(PlainVq)) => RegisterComponents();

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)
    {
        var hidden = _down.forward(x);
        hidden += _encoder1.forward(hidden);
        hidden += _encoder2.forward(hidden);
        var vectors = _toCode.forward(nn.functional.relu(hidden)).permute(0, 2, 3, 1).contiguous();
        var codes = _codebook.forward(Nearest(vectors.view(-1, CodeLength))).view(vectors.shape);
        var straight = vectors + (codes - vectors).detach();
        var decoded = _fromCode.forward(straight.permute(0, 3, 1, 2).contiguous());
        decoded += _decoder1.forward(decoded);
        decoded += _decoder2.forward(decoded);
        var logits = _up.forward(nn.functional.relu(decoded));
        var reconstruction = nn.functional.binary_cross_entropy_with_logits(logits, x, reduction: nn.Reduction.Sum);
        var distance = (vectors.detach() - codes).square().sum() + (Commitment * (vectors - codes.detach()).square().sum());
        return (reconstruction + distance) / x.shape[0];
    }

    private Tensor Nearest(Tensor vectors)
    {
        using var noGrad = no_grad();
        var table = _codebook.weight!;
        return (table.square().sum(1) - (2 * vectors.matmul(table.t()))).argmin(-1);
    }

    private static Sequential Block() =>
        nn.Sequential(nn.ReLU(), nn.Conv2d(Hidden, Hidden, 3, 1, 1), nn.ReLU(), nn.Conv2d(Hidden, Hidden, 1));
}
