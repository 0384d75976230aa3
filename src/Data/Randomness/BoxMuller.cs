using System.Runtime.CompilerServices;

namespace VaeCluster.Data.Randomness;

/// <summary>
/// Two draws from the standard normal distribution from two words (Box and Muller 1958): sqrt(-2 ln u) times the cosine and the sine of
/// an angle. Logarithm, cosine and sine are polynomials in plain arithmetic, because those of the system's library differ in
/// their last bits from one version to the next, and the noise must be the same on every machine; they are faster as well.
/// Their errors stay below 1e-11, far below the precision of a float.
/// </summary>
internal static class BoxMuller
{
    private const double TwoToMinus32 = 1.0 / 4294967296.0;
    private const uint EighthTurn = 1u << 29;
    private const int QuarterTurnBits = 30;

    // Taylor's series: of artanh(s) / s, cos(t) and sin(t) / t in the square of their argument.
    private static ReadOnlySpan<double> Artanh => [1, 1.0 / 3, 1.0 / 5, 1.0 / 7, 1.0 / 9, 1.0 / 11, 1.0 / 13];

    private static ReadOnlySpan<double> Cosine => [1, -1.0 / 2, 1.0 / 24, -1.0 / 720, 1.0 / 40_320, -1.0 / 3_628_800, 1.0 / 479_001_600];

    private static ReadOnlySpan<double> Sine => [1, -1.0 / 6, 1.0 / 120, -1.0 / 5_040, 1.0 / 362_880, -1.0 / 39_916_800, 1.0 / 6_227_020_800];

    public static (float First, float Second) Draw(uint radiusWord, uint angleWord)
    {
        // (word + 1) / 2^32 lies in (0, 1], so the logarithm is finite and not positive.
        var radius = Math.Sqrt(-2 * Log((radiusWord + 1.0) * TwoToMinus32));
        var (cos, sin) = CosSin(angleWord);
        return ((float)(radius * cos), (float)(radius * sin));
    }

    /// <summary>The natural logarithm of a normal number: ln(2^e m) = e ln 2 + 2 artanh((m - 1) / (m + 1)), with m near 1.</summary>
    private static double Log(double value)
    {
        const ulong FractionMask = 0x000F_FFFF_FFFF_FFFF;
        const ulong ExponentOfOne = 0x3FF0_0000_0000_0000;
        var bits = BitConverter.DoubleToUInt64Bits(value);
        var exponent = (int)(bits >> 52) - 1023;
        var m = BitConverter.UInt64BitsToDouble((bits & FractionMask) | ExponentOfOne);
        if (m > 1.4142135623730951)
            (m, exponent) = (m / 2, exponent + 1);
        var s = (m - 1) / (m + 1); // At most 0.172, so the series ends soon.
        return (exponent * 0.6931471805599453) + (2 * s * Polynomial(s * s, Artanh));
    }

    /// <summary>Cosine and sine of a word's share of a full turn: of the rest beside the nearest quarter turn, at most 45 degrees, then turned on.</summary>
    private static (double Cos, double Sin) CosSin(uint angleWord)
    {
        var quarter = (angleWord + EighthTurn) >> QuarterTurnBits;
        var t = (int)(angleWord - (quarter << QuarterTurnBits)) * (2 * Math.PI * TwoToMinus32);
        var (cos, sin) = (Polynomial(t * t, Cosine), t * Polynomial(t * t, Sine));
        return quarter switch { 0 => (cos, sin), 1 => (-sin, cos), 2 => (-cos, -sin), _ => (sin, -cos) };
    }

    /// <summary>Horner's rule, from the last coefficient to the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Polynomial(double x, ReadOnlySpan<double> coefficients)
    {
        var value = coefficients[^1];
        for (var i = coefficients.Length - 2; i >= 0; i--)
            value = (value * x) + coefficients[i];
        return value;
    }
}
