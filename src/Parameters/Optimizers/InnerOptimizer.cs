using System.Numerics.Tensors;
using VaeCluster.Contracts.Specs;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Parameters.Optimizers;

/// <summary>
/// The optimizer of a shard's local steps: the update rule of the spec over a flat vector, on the thread of the caller. A round begins with the published
/// state or with zero, so that it is a function of what is published, the step and the shard, whoever computes it.
/// </summary>
public sealed class InnerOptimizer
{
    private readonly IUpdateRule _rule;
    private readonly double _clipNorm;
    private readonly float[][] _state;
    private UpdateStep _step;

    /// <summary>The optimizer that a spec describes.</summary>
    /// <param name="spec">The optimizer.</param>
    /// <param name="length">Floats that it moves.</param>
    public InnerOptimizer(OptimizerSpec spec, int length)
    {
        ArgumentNullException.ThrowIfNull(spec);
        _rule = UpdateRules.For(spec);
        _clipNorm = spec.ClipNorm;
        _state = [.. _rule.StateNames.Select(_ => new float[length])];
    }

    /// <summary>Begins a round: the state is zero, and the next update is the first.</summary>
    public void Reset()
    {
        _step = default;
        Array.ForEach(_state, Array.Clear);
    }

    /// <summary>Begins a round with a state.</summary>
    /// <param name="state">The vectors of state.</param>
    /// <param name="updates">Updates that were made before.</param>
    public void Restore(IReadOnlyList<float[]> state, long updates)
    {
        ArgumentNullException.ThrowIfNull(state);
        _step = new UpdateStep(updates, 0, 0);
        for (var i = 0; i < _state.Length; i++)
            state[i].CopyTo(_state[i], 0);
    }

    /// <summary>Begins an update, which <see cref="Apply"/> makes range by range.</summary>
    /// <param name="learningRate">Its learning rate.</param>
    /// <param name="examples">How many examples the gradient is the sum over.</param>
    /// <param name="norm">Global norm of the mean gradient, which clipping goes by.</param>
    public void Begin(double learningRate, int examples, double norm)
    {
        var clip = _clipNorm > 0 && norm > _clipNorm ? _clipNorm / norm : 1;
        _step = new UpdateStep(_step.Number + 1, learningRate, (float)(clip / examples));
    }

    /// <summary>Updates a range of the weights in place.</summary>
    /// <param name="start">Where the range starts, in floats.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="gradient">Its gradient, summed over the examples.</param>
    public void Apply(int start, Span<float> weights, ReadOnlySpan<float> gradient) =>
        _rule.Apply(_step, weights, gradient, _state, start, weights);

    /// <summary>The end of a round: a vector of state times a number of examples. The next round begins with another state.</summary>
    public float[] TakeState(int kind, long examples)
    {
        TensorPrimitives.Multiply(_state[kind], (float)examples, _state[kind]);
        return _state[kind];
    }

    /// <summary>The sum of the squares of a range of a gradient: the same bits on every processor.</summary>
    public static double SquaresOf(ReadOnlySpan<float> gradient) => SquareSum.Of(gradient);
}
