using VaeCluster.Contracts.Specs;
using VaeCluster.Data.Randomness;

namespace VaeCluster.Data;

/// <summary>
/// Makes zeros and ones of values in [0, 1]. A pixel of value p becomes 1 when a number drawn from [0, 1) is below p (Salakhutdinov and
/// Murray 2008), or, with a threshold, when p is above it. Draws are keyed, so that they do not depend on who computes them:
/// pixel j of an example takes the j-th 16 bits of its Philox stream, as the number (bits + 1/2) / 65536.
/// </summary>
public sealed class Binarization
{
    private const int PixelsPerBlock = 8;

    private readonly BinarizationKind _kind;
    private readonly float _threshold;

    /// <summary>What a spec asks for.</summary>
    /// <param name="kind">How.</param>
    /// <param name="threshold">In [0, 1], for <see cref="BinarizationKind.Threshold"/>.</param>
    public Binarization(BinarizationKind kind, double threshold)
    {
        _kind = kind;
        _threshold = (float)threshold;
    }

    /// <summary>
    /// Binarises an example that is evaluated or plotted. The draw is the same for every seed and epoch, so that numbers of different
    /// runs are of the same examples.
    /// </summary>
    /// <param name="example">The source's index of the example.</param>
    /// <param name="values">Its values, replaced.</param>
    public void ApplyFixed(int example, Span<float> values)
    {
        if (_kind == BinarizationKind.Threshold)
            Cut(values);
        else if (_kind is BinarizationKind.Static or BinarizationKind.Dynamic)
            Draw(new CounterRandom(0, RandomPurpose.StaticBinarization, example), values);
    }

    /// <summary>Binarises an example that trains: anew in each epoch when the kind is dynamic.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">The epoch, counted from 0.</param>
    /// <param name="example">The source's index of the example.</param>
    /// <param name="values">Its values, replaced.</param>
    public void ApplyTraining(long seed, int epoch, int example, Span<float> values)
    {
        if (_kind == BinarizationKind.Dynamic)
            Draw(new CounterRandom(seed, RandomPurpose.DynamicBinarization, ((long)epoch << 32) | (uint)example), values);
        else
            ApplyFixed(example, values);
    }

    private void Cut(Span<float> values)
    {
        foreach (ref var value in values)
            value = value > _threshold ? 1 : 0;
    }

    private static void Draw(CounterRandom random, Span<float> values)
    {
        for (var start = 0; start < values.Length; start += PixelsPerBlock)
        {
            var (a, b, c, d) = random.Block((uint)(start / PixelsPerBlock));
            ReadOnlySpan<uint> words = [a, b, c, d];
            for (var i = 0; i < Math.Min(PixelsPerBlock, values.Length - start); i++)
            {
                var bits = (words[i / 2] >> (16 * (i % 2))) & 0xFFFF;
                values[start + i] = (bits + 0.5f) / 65_536 < values[start + i] ? 1 : 0;
            }
        }
    }
}
