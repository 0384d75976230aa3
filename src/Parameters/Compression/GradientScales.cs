using System.Collections.Immutable;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Parameters.Compression;

/// <summary>
/// The scales of a run: one for each block of 1024 gradients of a part, made from the gradient of the step before. They are training state,
/// they travel with the weights, and those of a part depend on that part alone. Safe to use from many threads.
/// </summary>
public sealed class GradientScales
{
    /// <summary>
    /// How many times the largest value that a block's sum makes one expect of a shard is still encoded without being clamped. A shard's
    /// gradient is mostly noise, whose sum over S shards grows with the root of S: so one of S shards is expected to have the sum's values
    /// over that root.
    /// </summary>
    private const double Headroom = 4;

    /// <summary>
    /// What stays of a scale, at least, from one step to the next: a step with a small gradient must not leave the next without room.
    /// </summary>
    private const float Decay = 0.9f;

    /// <summary>
    /// Scales stay so far from the limits of a float that neither they nor what is made of them is subnormal or infinite.
    /// </summary>
    private const float SmallestScale = 1 / LargestScale;

    /// <summary>2^100.</summary>
    private const float LargestScale = 1.2676506e30f;

    private readonly ParameterLayout _layout;
    private readonly float _scaleOfSum;

    /// <summary>The scales of a run.</summary>
    /// <param name="layout">How the model's tensors lie.</param>
    /// <param name="shards">Shards of a step.</param>
    /// <param name="areNeeded">Whether the run's encoding needs any.</param>
    internal GradientScales(ParameterLayout layout, int shards, bool areNeeded)
    {
        _layout = layout;
        AreNeeded = areNeeded;
        _scaleOfSum = (float)(Headroom / (Math.Sqrt(shards) * Int8Encoding.Largest));
    }

    /// <summary>Whether the run's encoding needs scales.</summary>
    public bool AreNeeded { get; }

    /// <summary>Scales of a part.</summary>
    public int CountOf(int part) => AreNeeded ? ScaleBlocks.CountOf(GradientsIn(part)) : 0;

    /// <summary>
    /// The scales of the step after: for each block headroom / (sqrt(S) * 127) times its largest absolute value, but no less than 0.9 of
    /// the scale before. A block whose gradient is zero keeps its scale, or has none yet.
    /// </summary>
    /// <param name="part">The part.</param>
    /// <param name="gradient">Its gradient, summed over the examples of the step, finite.</param>
    /// <param name="before">Its scales before; empty where there are none.</param>
    public ImmutableArray<float> Next(int part, PartBuffer gradient, ImmutableArray<float> before)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        if (!AreNeeded)
            return [];
        ReadOnlySpan<float> values = gradient.Values[..GradientsIn(part)];
        var next = new float[CountOf(part)];
        for (var block = 0; block < next.Length; block++)
        {
            var start = block * ScaleBlocks.BlockLength;
            var largest = Math.Abs(TensorPrimitives.MaxMagnitude(values[start..Math.Min(start + ScaleBlocks.BlockLength, values.Length)]));
            var old = before.IsDefaultOrEmpty ? 0 : before[block];
            next[block] = largest == 0 ? old : Math.Clamp(Math.Max(largest * _scaleOfSum, old * Decay), SmallestScale, LargestScale);
        }
        return ImmutableCollectionsMarshal.AsImmutableArray(next);
    }

    /// <summary>Bytes of the scales of a range, as little-endian float32, where there are some.</summary>
    public static int BytesIn(ParameterLayout layout, PartRange range) => sizeof(float) * ScaleBlocks.CountOf(range.ParametersIn(layout));

    /// <summary>Bytes of the scales of the parts before a range.</summary>
    public static int BytesBefore(ParameterLayout layout, PartRange range) => BytesIn(layout, new PartRange(0, range.First));

    /// <summary>
    /// The scales of a range as they are kept in its training state; nothing before the first step, or where none are needed.
    /// </summary>
    /// <param name="scales">The scales, part by part.</param>
    public static byte[] ToBytes(IReadOnlyList<ImmutableArray<float>> scales)
    {
        ArgumentNullException.ThrowIfNull(scales);
        return MemoryMarshal.AsBytes<float>(scales.SelectMany(part => part).ToArray()).ToArray();
    }

    /// <summary>The scales, part by part, that <see cref="ToBytes"/> gave; nothing of nothing.</summary>
    /// <param name="range">The parts.</param>
    /// <param name="bytes">Their scales.</param>
    /// <exception cref="ArgumentException">They are not those of such a run.</exception>
    public IReadOnlyList<ImmutableArray<float>> Parse(PartRange range, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty)
            return [];
        var expected = AreNeeded ? BytesIn(_layout, range) : 0;
        if (bytes.Length != expected)
            throw new ArgumentException(
                $"The state has {bytes.Length} bytes of scales; parts {range.First} to {range.End - 1} have {expected}.",
                nameof(bytes));
        var values = MemoryMarshal.Cast<byte, float>(bytes.Span);
        var scales = new ImmutableArray<float>[range.Count];
        for (var part = 0; part < scales.Length; part++)
        {
            var count = CountOf(range.First + part);
            scales[part] = [.. values[..count]];
            values = values[count..];
        }
        return scales;
    }

    /// <summary>Values of a part that are gradients: the others, at the end of the flat vector, are buffers.</summary>
    internal int GradientsIn(int part)
    {
        var (start, length) = _layout.PartAt(part);
        return Math.Clamp(_layout.ParameterLength - start, 0, length);
    }
}
