using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace VaeCluster.Data;

/// <summary>Values in memory that were floating-point numbers in [0, 1] from the start, and keep their precision.</summary>
public sealed class FloatPixels : PixelStore
{
    private readonly float[] _values;

    /// <summary>Wraps values without copying them.</summary>
    /// <exception cref="ArgumentException">A value is outside of [0, 1] or not a number.</exception>
    public FloatPixels(float[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var outside = Array.FindIndex(values, value => value is not (>= 0 and <= 1));
        if (outside >= 0)
            throw new ArgumentException($"Value {outside} is {values[outside]}; values must lie in [0, 1].", nameof(values));
        _values = values;
    }

    /// <inheritdoc/>
    public override long Length => _values.Length;

    /// <inheritdoc/>
    public override long MemoryBytes => _values.LongLength * sizeof(float);

    /// <inheritdoc/>
    public override void CopyTo(long start, Span<float> destination) =>
        _values.AsSpan((int)start, destination.Length).CopyTo(destination);

    /// <summary>Of the values as little-endian float32.</summary>
    protected override string ComputeSha256() => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(_values.AsSpan())));
}
