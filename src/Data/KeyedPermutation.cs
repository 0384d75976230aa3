using System.Numerics;
using VaeCluster.Data.Randomness;

namespace VaeCluster.Data;

/// <summary>
/// The order of an epoch: a bijection of [0, count) keyed by seed and epoch, any element of which is computed on its own, so that no
/// trainer keeps or sends an order. A balanced Feistel network (Luby and Rackoff 1988) over the next even power of two,
/// walking its cycles until it lands inside the domain (Black and Rogaway 2002).
/// </summary>
public sealed class KeyedPermutation
{
    private readonly uint[] _roundKeys;
    private readonly long _count;
    private readonly int _halfBits;
    private readonly uint _halfMask;

    /// <summary>The order of one epoch.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">The epoch, counted from 0.</param>
    /// <param name="count">How many examples there are: 1 to 2^31 - 1.</param>
    public KeyedPermutation(long seed, long epoch, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _roundKeys = RoundKeys(new CounterRandom(seed, RandomPurpose.Permutation, epoch));
        _count = count;
        var bits = BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)count));
        _halfBits = Math.Max(1, (bits + 1) / 2);
        _halfMask = (1u << _halfBits) - 1;
    }

    /// <summary>Which example stands at a position of the epoch.</summary>
    public int this[int position]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(position);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position, _count);
            // The domain is at most four times as large as the count, so the walk is short.
            var value = Encipher((ulong)position);
            while (value >= (ulong)_count)
                value = Encipher(value);
            return (int)value;
        }
    }

    private ulong Encipher(ulong value)
    {
        var (left, right) = ((uint)(value >> _halfBits), (uint)value & _halfMask);
        for (var round = 0; round < _roundKeys.Length; round++)
            (left, right) = (right, left ^ (Mix(right + _roundKeys[round]) & _halfMask));
        return ((ulong)left << _halfBits) | right;
    }

    /// <summary>Spreads every bit over the word: the finalizer of MurmurHash3 (Appleby 2011). A cipher's strength is not asked for, only evenness.</summary>
    private static uint Mix(uint word)
    {
        word ^= word >> 16;
        word *= 0x85EBCA6B;
        word ^= word >> 13;
        word *= 0xC2B2AE35;
        return word ^ (word >> 16);
    }

    private static uint[] RoundKeys(CounterRandom stream)
    {
        var (first, second) = (stream.Block(0), stream.Block(1));
        return [first.A, first.B, first.C, first.D, second.A, second.B, second.C, second.D];
    }
}
