using System.Numerics;
using VaeCluster.Contracts.Specs;

namespace VaeCluster.Parameters.Optimizers;

/// <summary>
/// The outer update after local steps (DiLoCo, Douillard et al. 2023): SGD with momentum over the outer gradient g, which is the published weights minus
/// the mean of those that the shards came to. As PyTorch defines it: b = momentum * b + g; w = w - lr * (g + momentum * b) with Nesterov's
/// momentum, w = w - lr * b without. With momentum 0 and a rate of 1 the new weights are that mean.
/// </summary>
public sealed class OuterRule : IUpdateRule
{
    private readonly float _momentum;
    private readonly float _rate;
    private readonly bool _isNesterov;

    /// <summary>The rule that a spec describes. Its learning rate is constant; that of the step is the inner optimizer's.</summary>
    public OuterRule(OuterOptimizerSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        _momentum = (float)spec.Momentum;
        _rate = (float)spec.LearningRate;
        _isNesterov = spec.Kind == OuterOptimizerKind.Nesterov;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> StateNames { get; } = ["outer_momentum_buffer"];

    /// <inheritdoc/>
    public void Apply(
        in UpdateStep step,
        ReadOnlySpan<float> weights,
        ReadOnlySpan<float> gradient,
        IReadOnlyList<float[]> state,
        int start,
        Span<float> newWeights)
    {
        var buffer = state[0].AsSpan(start, weights.Length);
        var i = 0;
        for (; i <= weights.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var g = new Vector<float>(gradient[i..]) * step.GradientScale;
            var b = Subnormals.Flush((new Vector<float>(buffer[i..]) * _momentum) + g);
            b.CopyTo(buffer[i..]);
            var direction = _isNesterov ? g + (b * _momentum) : b;
            (new Vector<float>(weights[i..]) - (direction * _rate)).CopyTo(newWeights[i..]);
        }
        for (; i < weights.Length; i++)
        {
            var g = gradient[i] * step.GradientScale;
            buffer[i] = Subnormals.Flush((buffer[i] * _momentum) + g);
            var direction = _isNesterov ? g + (buffer[i] * _momentum) : buffer[i];
            newWeights[i] = weights[i] - (direction * _rate);
        }
    }
}
