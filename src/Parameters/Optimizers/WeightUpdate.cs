using System.Collections.Concurrent;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Specs;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Parameters.Optimizers;

/// <summary>
/// Turns the gradient of a step into new weights, for a range of the flat vector and a chunk at a time on all processors. It keeps the optimizer's state of
/// the range.
/// </summary>
internal sealed class WeightUpdate
{
    /// <summary>
    /// Floats that one thread updates at a time. Norms are summed a chunk at a time and then over the chunks in order, so this
    /// is part of the mathematics: never change it.
    /// </summary>
    private const int ChunkLength = 1 << 16;

    private readonly double _clipNorm;
    private readonly ParameterLayout _layout;
    private readonly PartRange _range;
    private readonly IUpdateRule _rule;
    private readonly float[][] _state;
    private readonly int _chunkCount;
    private readonly OrderablePartitioner<Chunk> _chunks;
    private long _number;

    public WeightUpdate(RunSpec spec, ParameterLayout layout, PartRange range)
    {
        // After local steps the gradients are clipped already, and an outer gradient is not one of them.
        _clipNorm = spec.Training.LocalSteps > 1 ? 0 : spec.Optimizer.ClipNorm;
        _layout = layout;
        _range = range;
        _rule = UpdateRules.For(spec);
        _state = [.. _rule.StateNames.Select(_ => new float[range.ParametersIn(layout)])];
        var chunks = ChunksOf(layout, range);
        _chunkCount = chunks.Count;
        _chunks = Partitioner.Create(chunks, loadBalance: true);
    }

    /// <summary>Updates made.</summary>
    public long Number => _number;

    /// <summary>A copy of the optimizer's state, one array a kind.</summary>
    public byte[][] CopyState() => [.. _state.Select(values => MemoryMarshal.AsBytes(values.AsSpan()).ToArray())];

    /// <summary>Puts a state in place that <see cref="CopyState"/> once gave.</summary>
    public void Restore(long number, IReadOnlyList<byte[]> state)
    {
        _number = number;
        foreach (var (values, bytes) in _state.Zip(state))
            MemoryMarshal.Cast<byte, float>(bytes).CopyTo(values);
    }

    /// <summary>The sums of squares of a gradient's chunks: in order and over all ranges, they add up to the square of its norm.</summary>
    public double[] SquareSums(IReadOnlyList<PartBuffer> gradient)
    {
        var sums = new double[_chunkCount];
        Parallel.ForEach(_chunks, chunk => sums[chunk.Index] = SquareSum.Of(chunk.Of(gradient)[..ParametersIn(chunk)]));
        return sums;
    }

    /// <summary>New weights, which the caller owns; the old ones stay as they are.</summary>
    /// <param name="weights">The old ones, in the parts of the range.</param>
    /// <param name="gradient">The sum over the examples, in the same parts.</param>
    /// <param name="examples">How many examples it is the sum over.</param>
    /// <param name="learningRate">The step's learning rate.</param>
    /// <param name="norm">Global norm of the mean gradient, which clipping goes by.</param>
    public PartBuffer[] Apply(IReadOnlyList<PartBuffer> weights, IReadOnlyList<PartBuffer> gradient, int examples, double learningRate, double norm)
    {
        var clip = _clipNorm > 0 && norm > _clipNorm ? _clipNorm / norm : 1;
        // Adam's corrections go by the updates that were made, which are fewer than the steps where some were skipped.
        var step = new UpdateStep(++_number, learningRate, (float)(clip / examples));
        var next = PartedVector.Rent(_layout, _range);
        Parallel.ForEach(_chunks, chunk => Apply(step, examples, chunk, chunk.Of(weights), chunk.Of(gradient), chunk.Of(next)));
        return next;
    }

    private void Apply(UpdateStep step, int examples, Chunk chunk, ReadOnlySpan<float> weights, ReadOnlySpan<float> sums, Span<float> next)
    {
        var parameters = ParametersIn(chunk);
        if (parameters > 0)
            _rule.Apply(step, weights[..parameters], sums[..parameters], _state, chunk.InRange, next[..parameters]);
        // A shard sends its running statistics times its examples: the mean over the examples is the new value.
        if (parameters < chunk.Length)
            TensorPrimitives.Divide(sums[parameters..], (float)examples, next[parameters..]);
    }

    private int ParametersIn(Chunk chunk) => Math.Clamp(_range.ParametersIn(_layout) - chunk.InRange, 0, chunk.Length);

    private static List<Chunk> ChunksOf(ParameterLayout layout, PartRange range)
    {
        var chunks = new List<Chunk>();
        for (var part = 0; part < range.Count; part++)
        {
            var length = layout.PartAt(range.First + part).Length;
            for (var offset = 0; offset < length; offset += ChunkLength)
                chunks.Add(new(chunks.Count, part, (part * ParameterLayout.PartLengthMax) + offset, offset, Math.Min(ChunkLength, length - offset)));
        }
        return chunks;
    }

    /// <summary>Floats within one part; the part and the place are counted from the beginning of the range.</summary>
    private readonly record struct Chunk(int Index, int Part, int InRange, int InPart, int Length)
    {
        public Span<float> Of(IReadOnlyList<PartBuffer> parts) => parts[Part].Values.Slice(InPart, Length);
    }
}
