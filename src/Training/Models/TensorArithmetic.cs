using TorchSharp;
using static TorchSharp.torch;

namespace VaeCluster.Training.Models;

/// <summary>
/// Arithmetic of tensors with numbers, in place of TorchSharp's operators, <c>square</c>, <c>add</c> and <c>ToDouble</c>. Those make a
/// <see cref="Scalar"/> of each number, also of the 1 by which a sum multiplies its right side, and drop it before native code has read it.
/// A garbage collection at that moment frees it, and the operation fails or computes with whatever is in its place. Here it lives until
/// the operation has returned.
/// </summary>
public static class TensorArithmetic
{
    private static readonly Scalar One = 1;
    private static readonly Scalar Two = 2;

    /// <summary>left + right.</summary>
    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, One);

    /// <summary>left + right.</summary>
    public static Tensor Plus(this Tensor left, double right)
    {
        using var scalar = right.ToScalar();
        return left.add(scalar, One);
    }

    /// <summary>left - right.</summary>
    public static Tensor Minus(this Tensor left, double right)
    {
        using var scalar = right.ToScalar();
        return left.sub(scalar);
    }

    /// <summary>left * right.</summary>
    public static Tensor Times(this Tensor left, double right)
    {
        using var scalar = right.ToScalar();
        return left.mul(scalar);
    }

    /// <summary>left / right.</summary>
    public static Tensor Over(this Tensor left, double right)
    {
        using var scalar = right.ToScalar();
        return left.div(scalar);
    }

    /// <summary>The square of each value.</summary>
    public static Tensor Squared(this Tensor values) => values.pow(Two);

    /// <summary>Each value, or the least where it is less.</summary>
    public static Tensor AtLeast(this Tensor values, double least)
    {
        using var scalar = least.ToScalar();
        return values.clamp_min(scalar);
    }

    /// <summary>Adds to a tensor in place.</summary>
    public static void Add(this Tensor sum, Tensor value) => sum.add_(value, One);

    /// <summary>Adds 1 to a tensor in place.</summary>
    public static void Increment(this Tensor sum) => sum.add_(One, One);

    /// <summary>The number in a tensor of one.</summary>
    public static double ToNumber(this Tensor value)
    {
        using var scalar = value.ToScalar();
        return scalar.ToDouble();
    }
}
