using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VaeCluster.Parameters.Vectors;

/// <summary>
/// The sum of squares of floats, added up in eight double lanes whatever vectors the processor has. A library's sum takes as many lanes as fit, and so
/// gives other bits on another machine; the norm scales the clipped gradient, and so every weight.
/// </summary>
internal static class SquareSum
{
    public static double Of(ReadOnlySpan<float> values)
    {
        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(values);
        var (lower, upper) = (Vector256<double>.Zero, Vector256<double>.Zero);
        foreach (var vector in vectors)
        {
            var (first, second) = Vector256.Widen(vector);
            lower += first * first;
            upper += second * second;
        }
        var sum = Vector256.Sum(lower) + Vector256.Sum(upper);
        foreach (var value in values[(vectors.Length * Vector256<float>.Count)..])
            sum += (double)value * value;
        return sum;
    }
}
