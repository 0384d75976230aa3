using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace VaeCluster.Parameters.Compression;

/// <summary>
/// IEEE 754 half precision: 11 significant bits in a small range. So values are multiplied by a power of two for their block, which puts
/// the largest that its scale expects of a shard at 2^5: the sum over the most shards that a spec may have stays within half of the range,
/// and what is 2^19 times smaller still has all its bits. Beyond the range values are clamped. Shards' values and sums are rounded to the
/// nearest, ties to even. What is not finite becomes NaN.
/// </summary>
internal sealed class Float16Encoding : IGradientEncoding
{
    private const int Block = ScaleBlocks.BlockLength;

    /// <summary>The largest half.</summary>
    private const float Largest = 65504;

    /// <summary>The largest that a scale expects is 127 of it, which is less than 2^7; 2^5 is where that is put.</summary>
    private const int ExponentOfRoom = 5 - 7;

    /// <inheritdoc/>
    public bool NeedsScales => true;

    /// <inheritdoc/>
    public int LengthOf(int count, int shardCount) =>
        sizeof(ushort) * ValueGroups.CountOf(count) * ValueGroups.Length;

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<float> values, ScaleBlocks scales, RoundingNoise noise, Span<byte> payload)
    {
        var halves = MemoryMarshal.Cast<byte, Half>(payload);
        halves[values.Length..].Clear();
        Span<float> scaled = stackalloc float[Block];
        for (var start = 0; start < values.Length; start += Block)
        {
            var block = values[start..Math.Min(start + Block, values.Length)];
            TensorPrimitives.Multiply(block, Factor(scales[start / Block]), scaled);
            Round(scaled[..block.Length], halves[start..]);
        }
    }

    /// <inheritdoc/>
    public void Add(int count, int shardCount, ReadOnlySpan<byte> lower, ReadOnlySpan<byte> upper, Span<byte> sum)
    {
        var a = MemoryMarshal.Cast<byte, Half>(lower);
        var b = MemoryMarshal.Cast<byte, Half>(upper);
        var result = MemoryMarshal.Cast<byte, Half>(sum);
        Span<float> left = stackalloc float[Block];
        Span<float> right = stackalloc float[Block];
        for (var start = 0; start < result.Length; start += Block)
        {
            var length = Math.Min(Block, result.Length - start);
            TensorPrimitives.ConvertToSingle(a.Slice(start, length), left);
            TensorPrimitives.ConvertToSingle(b.Slice(start, length), right);
            TensorPrimitives.Add(left[..length], right[..length], left);
            Round(left[..length], result[start..]);
        }
    }

    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<byte> payload, int shardCount, ScaleBlocks scales, Span<float> values)
    {
        var halves = MemoryMarshal.Cast<byte, Half>(payload);
        for (var start = 0; start < values.Length; start += Block)
        {
            var block = values[start..Math.Min(start + Block, values.Length)];
            TensorPrimitives.ConvertToSingle(halves.Slice(start, block.Length), block);
            TensorPrimitives.Multiply(block, 1 / Factor(scales[start / Block]), block);
        }
    }

    /// <summary>What the values of a block are multiplied by: a power of two, so that it costs no precision.</summary>
    private static float Factor(float scale) =>
        // With scale < 2^(e + 1), 127 * scale * factor stays below 2^5.
        float.ScaleB(1, ExponentOfRoom - float.ILogB(scale) - 1);

    /// <summary>
    /// Rounds to halves; changes what it rounds. The sum of a value and its difference with itself is NaN where it is not finite.
    /// </summary>
    private static void Round(Span<float> values, Span<Half> halves)
    {
        Span<float> nothing = stackalloc float[Block];
        nothing = nothing[..values.Length];
        TensorPrimitives.Subtract(values, values, nothing);
        TensorPrimitives.Min(values, Largest, values);
        TensorPrimitives.Max(values, -Largest, values);
        TensorPrimitives.Add(values, nothing, values);
        TensorPrimitives.ConvertToHalf(values, halves);
    }
}
