using System.Numerics;

namespace VaeCluster.Parameters.Optimizers;

/// <summary>
/// Numbers below the smallest normal one, 2^-126, count as zero in an optimizer's state. The mean of a gradient that has become zero (a pixel that is
/// always black has one) shrinks by a constant factor a step and gets there within a thousand steps; from then on each operation on
/// it would take a processor a hundred times as long, for a change that no weight can feel.
/// </summary>
internal static class Subnormals
{
    private const float SmallestNormal = 1.17549435e-38f;

    public static Vector<float> Flush(Vector<float> values) =>
        Vector.ConditionalSelect(Vector.LessThan(Vector.Abs(values), new Vector<float>(SmallestNormal)), Vector<float>.Zero, values);

    public static float Flush(float value) => MathF.Abs(value) < SmallestNormal ? 0 : value;
}
