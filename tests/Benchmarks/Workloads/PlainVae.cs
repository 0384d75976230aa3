using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VaeCluster.Benchmarks.Workloads;

/// <summary>A VAE as a first program has it: modules, operators, autograd. Its output is the loss, the mean over the examples.</summary>
internal sealed class PlainVae : nn.Module<Tensor, Tensor>
{
    private readonly Sequential _encoder;
    private readonly Sequential _decoder;
    private readonly bool _isBernoulli;

    /// <summary>A VAE of an encoder to mean and log-variance, and a decoder.</summary>
    public PlainVae(Sequential encoder, Sequential decoder, bool isBernoulli)
        : base(nameof(PlainVae))
    {
        _encoder = encoder;
        _decoder = decoder;
        _isBernoulli = isBernoulli;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)
    {
        var halves = _encoder.forward(x).chunk(2, 1);
        var (mean, logVariance) = (halves[0], halves[1]);
        var z = mean + (exp(0.5 * logVariance) * randn_like(mean));
        var output = _decoder.forward(z);
        var reconstruction = _isBernoulli
            ? nn.functional.binary_cross_entropy_with_logits(output, x, reduction: nn.Reduction.Sum)
            : 0.5 * (x - output).square().sum();
        var kl = 0.5 * (mean.square() + exp(logVariance) - 1 - logVariance).sum();
        return (reconstruction + kl) / x.shape[0];
    }
}
