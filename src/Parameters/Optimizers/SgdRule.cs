using System.Numerics;
using VaeCluster.Contracts.Specs;

namespace VaeCluster.Parameters.Optimizers;

/// <summary>
/// Stochastic gradient descent with momentum, as PyTorch defines it: b = momentum * b + g, with b = g at the first step;
/// w = w - lr * b. Weight decay is added to g.
/// </summary>
public sealed class SgdRule : IUpdateRule
{
    private readonly OptimizerSpec _spec;

    /// <summary>The rule that a spec describes.</summary>
    public SgdRule(OptimizerSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        _spec = spec;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> StateNames => ["momentum_buffer"];

    /// <inheritdoc/>
    public void Apply(
        in UpdateStep step,
        ReadOnlySpan<float> weights,
        ReadOnlySpan<float> gradient,
        IReadOnlyList<float[]> state,
        int start,
        Span<float> newWeights)
    {
        var (decay, momentum, rate) = ((float)_spec.WeightDecay, (float)_spec.Momentum, (float)step.LearningRate);
        // The buffer starts at zero, so momentum * b + g is g at the first step.
        var buffer = state[0].AsSpan(start, weights.Length);
        var i = 0;
        for (; i <= weights.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var w = new Vector<float>(weights[i..]);
            var b = Subnormals.Flush((new Vector<float>(buffer[i..]) * momentum) + ((new Vector<float>(gradient[i..]) * step.GradientScale) + (w * decay)));
            b.CopyTo(buffer[i..]);
            (w - (b * rate)).CopyTo(newWeights[i..]);
        }
        for (; i < weights.Length; i++)
        {
            buffer[i] = Subnormals.Flush((buffer[i] * momentum) + ((gradient[i] * step.GradientScale) + (weights[i] * decay)));
            newWeights[i] = weights[i] - (buffer[i] * rate);
        }
    }
}
