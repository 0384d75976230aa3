namespace VaeCluster.Parameters.Optimizers;

/// <summary>What an update rule needs to know of a step.</summary>
/// <param name="Number">The update, counted from 1.</param>
/// <param name="LearningRate">Its learning rate.</param>
/// <param name="GradientScale">What the summed gradient is multiplied by: one over the examples, times the clipping factor.</param>
public readonly record struct UpdateStep(long Number, double LearningRate, float GradientScale);

/// <summary>
/// An optimizer, elementwise: it may be applied to any range of the flat vector on any thread with the same result.
/// </summary>
public interface IUpdateRule
{
    /// <summary>Vectors of the parameters' length that it keeps between steps, by name; they start at zero.</summary>
    IReadOnlyList<string> StateNames { get; }

    /// <summary>Computes new weights for a range.</summary>
    /// <param name="step">The step.</param>
    /// <param name="weights">The weights now.</param>
    /// <param name="gradient">The gradient, summed over the examples.</param>
    /// <param name="state">The range of each vector of state, which it changes.</param>
    /// <param name="start">Where the range starts, in floats.</param>
    /// <param name="newWeights">Receives the new weights: the very memory of <paramref name="weights"/>, or other memory.</param>
    void Apply(in UpdateStep step, ReadOnlySpan<float> weights, ReadOnlySpan<float> gradient, IReadOnlyList<float[]> state, int start, Span<float> newWeights);
}
