using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VaeCluster.Parameters.Compression;

/// <summary>
/// A shard's value x becomes the integer floor(x / scale + u), with u uniform on (0, 1), clamped to [-127, 127]: its mean over u is x /
/// scale (stochastic rounding, as in QSGD, Alistarh et al. 2017, section 3.1). A node of 2^k shards holds the exact sum in 8 + k bits.
/// Integers are stored with 127 for each shard added, so that they are not negative. The payload is, for the values filled up to groups:
/// how many were clamped and how many were not finite, 32 bits each, added up over the shards; the lowest 8 bits of each value, a byte
/// each; then, bit by bit upwards, the others, a bit of eight values a byte. So sums are made a byte vector and a carry at a time, and no
/// value is ever unpacked on the way.
/// </summary>
internal sealed class Int8Encoding : IGradientEncoding
{
    /// <summary>The largest integer of one shard.</summary>
    public const int Largest = 127;

    private const int Group = ValueGroups.Length;
    private const int HeaderLength = 8;
    private const int LanesLength = 8;

    private static readonly Vector256<int> LaneBits = Vector256.Create(1, 2, 4, 8, 16, 32, 64, 128);

    /// <inheritdoc/>
    public bool NeedsScales => true;

    /// <inheritdoc/>
    public int LengthOf(int count, int shardCount) =>
        HeaderLength + (ValueGroups.CountOf(count) * (Group + (int.Log2(shardCount) * Group / 8)));

    /// <summary>Values of a node that were clamped in their shard.</summary>
    public static uint ClampedOf(ReadOnlySpan<byte> payload) => BinaryPrimitives.ReadUInt32LittleEndian(payload);

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<float> values, ScaleBlocks scales, RoundingNoise noise, Span<byte> payload)
    {
        var counts = new Counts();
        var low = payload[HeaderLength..];
        Span<float> last = stackalloc float[Group];
        for (var group = 0; group < ValueGroups.CountOf(values.Length); group++)
        {
            var start = group * Group;
            var inverse = 1 / scales[start / ScaleBlocks.BlockLength];
            Quantize(ValueGroups.At(values, group, last), inverse, noise, group, ref counts).CopyTo(low[start..]);
        }
        BinaryPrimitives.WriteUInt32LittleEndian(payload, counts.ClampedTotal);
        BinaryPrimitives.WriteUInt32LittleEndian(payload[4..], counts.NonFiniteTotal);
    }

    /// <inheritdoc/>
    public void Add(int count, int shardCount, ReadOnlySpan<byte> lower, ReadOnlySpan<byte> upper, Span<byte> sum)
    {
        for (var field = 0; field < HeaderLength; field += sizeof(uint))
        {
            var total = BinaryPrimitives.ReadUInt32LittleEndian(lower[field..]) + BinaryPrimitives.ReadUInt32LittleEndian(upper[field..]);
            BinaryPrimitives.WriteUInt32LittleEndian(sum[field..], total);
        }
        var (groups, planes) = (ValueGroups.CountOf(count), int.Log2(shardCount));
        var a = lower[HeaderLength..];
        var b = upper[HeaderLength..];
        var result = sum[HeaderLength..];
        // One bit of every value of a group is a word, so a word operation adds 32 bits at once.
        var planesA = MemoryMarshal.Cast<byte, uint>(a[(groups * Group)..]);
        var planesB = MemoryMarshal.Cast<byte, uint>(b[(groups * Group)..]);
        var planesOfSum = MemoryMarshal.Cast<byte, uint>(result[(groups * Group)..]);
        for (var group = 0; group < groups; group++)
        {
            var bytes = Vector256.Create(a[(group * Group)..]);
            var low = bytes + Vector256.Create(b[(group * Group)..]);
            low.CopyTo(result[(group * Group)..]);
            var carry = Vector256.LessThan(low, bytes).ExtractMostSignificantBits();
            for (var plane = group; plane < planes * groups; plane += groups)
            {
                var (bitsA, bitsB) = (planesA[plane], planesB[plane]);
                planesOfSum[plane] = bitsA ^ bitsB ^ carry;
                carry = (bitsA & bitsB) | (carry & (bitsA ^ bitsB));
            }
            planesOfSum[(planes * groups) + group] = carry;
        }
    }

    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<byte> payload, int shardCount, ScaleBlocks scales, Span<float> values)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(payload[4..]) > 0)
        {
            values.Fill(float.NaN);
            return;
        }
        var (groups, planes) = (ValueGroups.CountOf(values.Length), int.Log2(shardCount));
        var low = payload.Slice(HeaderLength, groups * Group);
        var high = payload[(HeaderLength + low.Length)..];
        var zero = Vector256.Create(Largest * shardCount);
        Span<float> last = stackalloc float[LanesLength];
        for (var start = 0; start < values.Length; start += LanesLength)
        {
            var bytes = Vector128.CreateScalar(MemoryMarshal.Read<ulong>(low[start..])).AsByte();
            var integers = Vector256.WidenLower(Vector128.WidenLower(bytes).ToVector256()).AsInt32();
            for (var plane = 0; plane < planes; plane++)
            {
                var bits = Vector256.Create((int)high[(plane * groups * Group / 8) + (start / 8)]) & LaneBits;
                integers |= Vector256.AndNot(Vector256.Create(256 << plane), Vector256.Equals(bits, Vector256<int>.Zero));
            }
            var decoded = Vector256.ConvertToSingle(integers - zero) * scales[start / ScaleBlocks.BlockLength];
            var room = values[start..];
            decoded.CopyTo(room.Length >= LanesLength ? room : last);
            if (room.Length < LanesLength)
                last[..room.Length].CopyTo(room);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Quantize(ReadOnlySpan<float> values, float inverse, RoundingNoise noise, int group, ref Counts counts)
    {
        noise.Of(group, out var first, out var second, out var third, out var fourth);
        var lower = Vector256.Narrow(
            Quantize(values, inverse, first, ref counts), Quantize(values[8..], inverse, second, ref counts));
        var upper = Vector256.Narrow(
            Quantize(values[16..], inverse, third, ref counts), Quantize(values[24..], inverse, fourth, ref counts));
        return Vector256.Narrow(lower, upper).AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Quantize(ReadOnlySpan<float> values, float inverse, Vector256<uint> noise, ref Counts counts)
    {
        var x = Vector256.Create(values);
        var rounded = Vector256.Floor((x * inverse) + RoundingNoise.Fraction(noise));
        var clamped = Vector256.Min(Vector256.Max(rounded, Vector256.Create(-(float)Largest)), Vector256.Create((float)Largest));
        counts.Clamped += Vector256.Equals(rounded, clamped).AsInt32() + Vector256<int>.One;
        // A difference of what is not finite with itself is no number, which equals nothing.
        counts.NonFinite += Vector256.Equals(x - x, Vector256<float>.Zero).AsInt32() + Vector256<int>.One;
        return Vector256.ConvertToInt32(clamped) + Vector256.Create(Largest);
    }

    /// <summary>Counted a lane at a time.</summary>
    private struct Counts
    {
        public Vector256<int> Clamped;
        public Vector256<int> NonFinite;

        public readonly uint ClampedTotal => (uint)Vector256.Sum(Clamped);

        public readonly uint NonFiniteTotal => (uint)Vector256.Sum(NonFinite);
    }
}
