using static TorchSharp.torch;

namespace VaeCluster.Training.Objectives;

/// <summary>Bernoulli values from logits: the binary cross-entropy -(x log p + (1 - x) log(1 - p)), p = 1 / (1 + exp(-logit)).</summary>
public sealed class BernoulliLikelihood : Likelihood
{
    /// <inheritdoc/>
    public override Tensor NegativeLog(Tensor output, Tensor x) =>
        nn.functional.binary_cross_entropy_with_logits(output, x, reduction: nn.Reduction.Sum);

    /// <inheritdoc/>
    public override Tensor NegativeLogOfEach(Tensor output, Tensor x) =>
        nn.functional.binary_cross_entropy_with_logits(output, x, reduction: nn.Reduction.None).sum(dim: 1);

    /// <inheritdoc/>
    public override Tensor Mean(Tensor output) => output.sigmoid();
}
