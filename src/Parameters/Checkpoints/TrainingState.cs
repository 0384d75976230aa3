using VaeCluster.Parameters.Compression;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Parameters.Checkpoints;

/// <summary>
/// The training state of a run after a step, of the whole flat vector or of a range of it: with its spec and its data it decides every bit that follows.
/// </summary>
public sealed record TrainingState
{
    /// <summary>Steps applied.</summary>
    public required long Step { get; init; }

    /// <summary>Updates made: the steps without those that were skipped. Adam's corrections go by them.</summary>
    public required long Updates { get; init; }

    /// <summary>Parameters, then running statistics, as little-endian float32 in the layout's parts. Never changed again.</summary>
    public required IReadOnlyList<byte[]> Weights { get; init; }

    /// <summary>Each kind of state of the optimizer, in the update rule's order: one little-endian float32 a parameter.</summary>
    public required IReadOnlyList<byte[]> Optimizer { get; init; }

    /// <summary>
    /// The scales that the next step's gradients are encoded on, block after block, as little-endian float32; empty for a run that needs none, or before its
    /// first step.
    /// </summary>
    public byte[] Scales { get; init; } = [];

    /// <summary>The state before the first update.</summary>
    /// <param name="layout">How the model's tensors lie.</param>
    /// <param name="kinds">How many kinds of state the optimizer has; they start at zero.</param>
    /// <param name="weights">The flat vector of step 0.</param>
    public static TrainingState Create(ParameterLayout layout, int kinds, ReadOnlySpan<float> weights)
    {
        ArgumentNullException.ThrowIfNull(layout);
        using var initial = WeightsSnapshot.Create(layout, weights);
        return new()
        {
            Step = 0,
            Updates = 0,
            Weights = initial.ToArrays(),
            Optimizer = [.. Enumerable.Range(0, kinds).Select(_ => new byte[4L * layout.ParameterLength])],
        };
    }

    /// <summary>A range of a whole state. It shares the weights' memory.</summary>
    public TrainingState Slice(ParameterLayout layout, PartRange range)
    {
        if (range == PartRange.All(layout))
            return this;
        var start = sizeof(float) * Math.Min(range.In(layout).Start, layout.ParameterLength);
        var length = sizeof(float) * range.ParametersIn(layout);
        return this with
        {
            Weights = [.. Weights.Skip(range.First).Take(range.Count)],
            Optimizer = [.. Optimizer.Select(values => values.AsSpan(start, length).ToArray())],
            Scales = Scales.Length == 0 ? [] : Scales.AsSpan(GradientScales.BytesBefore(layout, range), GradientScales.BytesIn(layout, range)).ToArray(),
        };
    }

    /// <summary>The state of consecutive ranges together.</summary>
    /// <param name="ranges">The ranges' states, in order and of one step.</param>
    /// <exception cref="ArgumentException">They are of several steps.</exception>
    public static TrainingState Join(IReadOnlyList<TrainingState> ranges)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        if (ranges is [var only])
            return only;
        if (ranges.Any(range => range.Step != ranges[0].Step || range.Updates != ranges[0].Updates))
            throw new ArgumentException($"The ranges' states are of steps {string.Join(", ", ranges.Select(range => range.Step))}.", nameof(ranges));
        return ranges[0] with
        {
            Weights = [.. ranges.SelectMany(range => range.Weights)],
            Optimizer = [.. Enumerable.Range(0, ranges[0].Optimizer.Count).Select(kind => ranges.SelectMany(range => range.Optimizer[kind]).ToArray())],
            Scales = [.. ranges.SelectMany(range => range.Scales)],
        };
    }
}
