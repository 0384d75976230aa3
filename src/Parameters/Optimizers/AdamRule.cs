using System.Numerics;
using VaeCluster.Contracts.Specs;

namespace VaeCluster.Parameters.Optimizers;

/// <summary>
/// Adam (Kingma and Ba 2015, algorithm 1): m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2;
/// w = w - lr / (1 - b1^t) * m / (sqrt(v / (1 - b2^t)) + eps). Weight decay is added to g, or with AdamW
/// (Loshchilov and Hutter 2019) taken from w first, as lr * decay * w.
/// </summary>
public sealed class AdamRule : IUpdateRule
{
    private readonly OptimizerSpec _spec;
    private readonly bool _decoupled;

    /// <summary>The rule that a spec describes.</summary>
    public AdamRule(OptimizerSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        _spec = spec;
        _decoupled = spec.Kind == OptimizerKind.Adamw;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> StateNames { get; } = ["exp_avg", "exp_avg_sq"];

    /// <inheritdoc/>
    public void Apply(
        in UpdateStep step,
        ReadOnlySpan<float> weights,
        ReadOnlySpan<float> gradient,
        IReadOnlyList<float[]> state,
        int start,
        Span<float> newWeights)
    {
        var c = Constants.Of(_spec, _decoupled, step);
        var m = state[0].AsSpan(start, weights.Length);
        var v = state[1].AsSpan(start, weights.Length);
        var i = 0;
        // Elementwise, and without fused multiply-adds, so the vector's width changes no bit and the scalar tail agrees with it.
        for (; i <= weights.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var (w, g) = (new Vector<float>(weights[i..]), new Vector<float>(gradient[i..]) * c.GradientScale);
            g += w * c.CoupledDecay;
            var newM = Subnormals.Flush((new Vector<float>(m[i..]) * c.Beta1) + (g * c.OneLessBeta1));
            var newV = Subnormals.Flush((new Vector<float>(v[i..]) * c.Beta2) + (g * g * c.OneLessBeta2));
            newM.CopyTo(m[i..]);
            newV.CopyTo(v[i..]);
            var denominator = Vector.SquareRoot(newV * c.Correction2) + new Vector<float>(c.Epsilon);
            ((w * c.Shrink) - (newM * c.StepSize / denominator)).CopyTo(newWeights[i..]);
        }
        for (; i < weights.Length; i++)
        {
            var (w, g) = (weights[i], gradient[i] * c.GradientScale);
            g += w * c.CoupledDecay;
            m[i] = Subnormals.Flush((m[i] * c.Beta1) + (g * c.OneLessBeta1));
            v[i] = Subnormals.Flush((v[i] * c.Beta2) + (g * g * c.OneLessBeta2));
            newWeights[i] = (w * c.Shrink) - (m[i] * c.StepSize / (MathF.Sqrt(v[i] * c.Correction2) + c.Epsilon));
        }
    }

    private readonly record struct Constants(
        float GradientScale, float CoupledDecay, float Beta1, float OneLessBeta1, float Beta2, float OneLessBeta2,
        float Correction2, float Epsilon, float Shrink, float StepSize)
    {
        public static Constants Of(OptimizerSpec spec, bool decoupled, UpdateStep step) => new(
            step.GradientScale,
            decoupled ? 0 : (float)spec.WeightDecay,
            (float)spec.Beta1, (float)(1 - spec.Beta1),
            (float)spec.Beta2, (float)(1 - spec.Beta2),
            (float)(1 / (1 - Math.Pow(spec.Beta2, step.Number))),
            (float)spec.Epsilon,
            decoupled ? (float)(1 - (step.LearningRate * spec.WeightDecay)) : 1,
            (float)(step.LearningRate / (1 - Math.Pow(spec.Beta1, step.Number))));
    }
}
