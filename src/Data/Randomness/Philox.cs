using System.Runtime.CompilerServices;

namespace VaeCluster.Data.Randomness;

/// <summary>
/// Philox4x32-10, a counter-based generator: 128 random bits are a pure function of a 128-bit counter and a 64-bit key.
/// Source: Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3".
/// </summary>
public static class Philox
{
    private const int Rounds = 10;
    private const uint MultiplierA = 0xD2511F53;
    private const uint MultiplierB = 0xCD9E8D57;
    private const uint KeyStepA = 0x9E3779B9; // The golden ratio.
    private const uint KeyStepB = 0xBB67AE85; // The square root of 3, less 1.

    /// <summary>The four words that belong to a counter and a key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PhiloxBlock Block(PhiloxBlock counter, ulong key)
    {
        var (a, b, c, d) = counter;
        var (keyA, keyB) = ((uint)key, (uint)(key >> 32));
        for (var round = 0; round < Rounds; round++)
        {
            var productA = (ulong)MultiplierA * a;
            var productB = (ulong)MultiplierB * c;
            (a, b, c, d) = ((uint)(productB >> 32) ^ b ^ keyA, (uint)productB, (uint)(productA >> 32) ^ d ^ keyB, (uint)productA);
            keyA += KeyStepA;
            keyB += KeyStepB;
        }
        return new(a, b, c, d);
    }
}

/// <summary>Four 32-bit words: a counter, or what comes of it.</summary>
public readonly record struct PhiloxBlock(uint A, uint B, uint C, uint D);
