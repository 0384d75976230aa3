using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VaeCluster.Parameters.Compression;

/// <summary>
/// The upper 16 bits of each float32: its range, and 8 significant bits. A shard's value is rounded up or down at random so that its mean
/// stays; a sum is made as float32 of the two halves and rounded to the nearest, ties to even. What is not finite stays so.
/// </summary>
internal sealed class BFloat16Encoding : IGradientEncoding
{
    /// <summary>Values of one vector.</summary>
    private const int LanesLength = 16;

    /// <inheritdoc/>
    public bool NeedsScales => false;

    /// <inheritdoc/>
    public int LengthOf(int count, int shardCount) => sizeof(ushort) * ValueGroups.CountOf(count) * ValueGroups.Length;

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<float> values, ScaleBlocks scales, RoundingNoise noise, Span<byte> payload)
    {
        var halves = MemoryMarshal.Cast<byte, ushort>(payload);
        Span<float> last = stackalloc float[ValueGroups.Length];
        for (var index = 0; index < ValueGroups.CountOf(values.Length); index++)
        {
            var group = ValueGroups.At(values, index, last);
            var place = halves[(index * ValueGroups.Length)..];
            noise.Of(index, out var first, out var second, out var third, out var fourth);
            Vector256.Narrow(Upper(group, first), Upper(group[8..], second)).CopyTo(place);
            Vector256.Narrow(Upper(group[16..], third), Upper(group[24..], fourth)).CopyTo(place[LanesLength..]);
        }
    }

    /// <inheritdoc/>
    public void Add(int count, int shardCount, ReadOnlySpan<byte> lower, ReadOnlySpan<byte> upper, Span<byte> sum)
    {
        var a = MemoryMarshal.Cast<byte, ushort>(lower);
        var b = MemoryMarshal.Cast<byte, ushort>(upper);
        var result = MemoryMarshal.Cast<byte, ushort>(sum);
        for (var start = 0; start < result.Length; start += LanesLength)
        {
            var (firstA, secondA) = Unpack(a[start..]);
            var (firstB, secondB) = Unpack(b[start..]);
            Vector256.Narrow(Nearest(firstA + firstB), Nearest(secondA + secondB)).CopyTo(result[start..]);
        }
    }

    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<byte> payload, int shardCount, ScaleBlocks scales, Span<float> values)
    {
        var halves = MemoryMarshal.Cast<byte, ushort>(payload);
        Span<float> last = stackalloc float[LanesLength];
        for (var start = 0; start < values.Length; start += LanesLength)
        {
            var room = values[start..];
            var target = room.Length >= LanesLength ? room : last;
            var (first, second) = Unpack(halves[start..]);
            first.CopyTo(target);
            second.CopyTo(target[8..]);
            if (room.Length < LanesLength)
                last[..room.Length].CopyTo(room);
        }
    }

    /// <summary>
    /// The lower 16 bits are the fraction of the distance to the next value, so a random number of as many bits carries with just that
    /// probability.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Upper(ReadOnlySpan<float> values, Vector256<uint> noise)
    {
        var bits = Vector256.Create(values).AsUInt32();
        return Finite(bits, bits + noise) >>> 16;
    }

    /// <summary>To the nearest, ties to even: a half of the distance is added, less the last unit where what stays is even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Nearest(Vector256<float> values)
    {
        var bits = values.AsUInt32();
        return Finite(bits, bits + Vector256.Create(0x7FFFu) + ((bits >>> 16) & Vector256<uint>.One)) >>> 16;
    }

    /// <summary>
    /// What was rounded, but for what is not finite, which a carry could make finite. A NaN may become infinite, as its lower bits are lost.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Finite(Vector256<uint> bits, Vector256<uint> rounded)
    {
        var exponent = Vector256.Create(0x7F80_0000u);
        var isFinite = ~Vector256.Equals(bits & exponent, exponent);
        return Vector256.ConditionalSelect(isFinite, rounded, bits);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float> First, Vector256<float> Second) Unpack(ReadOnlySpan<ushort> halves)
    {
        var (first, second) = Vector256.Widen(Vector256.Create(halves));
        return ((first << 16).AsSingle(), (second << 16).AsSingle());
    }
}
