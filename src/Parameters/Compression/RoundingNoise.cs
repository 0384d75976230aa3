using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VaeCluster.Data.Randomness;

namespace VaeCluster.Parameters.Compression;

/// <summary>
/// Random numbers of 16 bits that decide which way each value of a shard's gradient is rounded: a pure function of seed, step, shard and
/// the value's place in the flat vector. The key of a shard comes from Philox; its words are a hash of their index, which eight lanes
/// compute at once: Philox takes ten rounds of wide products for four words. The hash is a bijection with small bias (Wellons 2018,
/// "Prospecting for hash functions"), applied to the index with each half of the key, so that the streams of two shards are no shifts of
/// each other.
/// </summary>
internal readonly struct RoundingNoise
{
    private const uint MultiplierA = 0x7feb352d;
    private const uint MultiplierB = 0x846ca68b;

    /// <summary>Words of a group: each gives two numbers.</summary>
    private const uint WordsPerGroup = ValueGroups.Length / 2;

    private static readonly Vector256<uint> Lanes = Vector256.Create(0u, 1, 2, 3, 4, 5, 6, 7);

    private readonly uint _keyA;
    private readonly uint _keyB;
    private readonly uint _firstWord;

    /// <summary>The noise of one shard.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="step">The step.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="start">Where the values begin in the flat vector, in floats: a multiple of a group.</param>
    public RoundingNoise(long seed, long step, int shard, int start)
    {
        var key = new CounterRandom(seed, RandomPurpose.GradientRounding, step, shard).Block(0);
        _keyA = key.A;
        _keyB = key.B;
        _firstWord = (uint)start / 2;
    }

    /// <summary>The numbers of a group, each from 0 to 65,535, in the order of its values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Of(int group, out Vector256<uint> first, out Vector256<uint> second, out Vector256<uint> third, out Vector256<uint> fourth)
    {
        var word = _firstWord + ((uint)group * WordsPerGroup);
        var (lower, upper) = (Words(word), Words(word + (WordsPerGroup / 2)));
        var mask = Vector256.Create(0xFFFFu);
        first = lower & mask;
        second = lower >>> 16;
        third = upper & mask;
        fourth = upper >>> 16;
    }

    /// <summary>
    /// Numbers as fractions in (0, 1), each an odd multiple of 2^-17: their mean is exactly a half, and a whole number plus one rounds down
    /// to itself.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Fraction(Vector256<uint> numbers) =>
        (Vector256.ConvertToSingle(numbers.AsInt32()) * (1f / (1 << 16))) + Vector256.Create(1f / (1 << 17));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<uint> Words(uint index) =>
        Mix(Mix(Lanes + Vector256.Create(index + _keyA)) ^ Vector256.Create(_keyB));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Mix(Vector256<uint> x)
    {
        x ^= x >>> 16;
        x *= MultiplierA;
        x ^= x >>> 15;
        x *= MultiplierB;
        return x ^ (x >>> 16);
    }
}
