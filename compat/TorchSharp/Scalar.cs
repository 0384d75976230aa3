namespace TorchSharp;

/// <summary>A number that a tensor operation takes: an integer, a floating point number or a truth value, as libtorch tells them apart.</summary>
/// <remarks>The real one owns native memory; here it is only a value, but a disposed one is refused all the same.</remarks>
public sealed class Scalar : IDisposable
{
    private readonly torch.ScalarType _type;
    private readonly long _bits;
    private bool _isDisposed;

    private Scalar(torch.ScalarType type, long bits) => (_type, _bits) = (type, bits);

    public torch.ScalarType Type
    {
        get
        {
            ThrowIfDisposed();
            return _type;
        }
    }

    /// <summary>The integer, 0 or 1, or the bits of the double.</summary>
    internal long Bits
    {
        get
        {
            ThrowIfDisposed();
            return _bits;
        }
    }

    public static implicit operator Scalar(byte value) => OfInteger(value);

    public static implicit operator Scalar(sbyte value) => OfInteger(value);

    public static implicit operator Scalar(short value) => OfInteger(value);

    public static implicit operator Scalar(int value) => OfInteger(value);

    public static implicit operator Scalar(long value) => OfInteger(value);

    public static implicit operator Scalar(float value) => OfDouble(value);

    public static implicit operator Scalar(double value) => OfDouble(value);

    public static implicit operator Scalar(bool value) => new(torch.ScalarType.Bool, value ? 1 : 0);

    public void Dispose() => _isDisposed = true;

    internal static Scalar OfInteger(long value) => new(torch.ScalarType.Int64, value);

    internal static Scalar OfDouble(double value) => new(torch.ScalarType.Float64, BitConverter.DoubleToInt64Bits(value));

    internal double AsDouble() => Type == torch.ScalarType.Float64 ? BitConverter.Int64BitsToDouble(Bits) : Bits;

    internal long AsInteger() => Type == torch.ScalarType.Float64 ? checked((long)BitConverter.Int64BitsToDouble(Bits)) : Bits;

    private void ThrowIfDisposed()
    {
        if (_isDisposed) throw new InvalidOperationException("Scalar invalid -- empty handle.");
    }
}
