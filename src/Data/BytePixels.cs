using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace VaeCluster.Data;

/// <summary>8-bit pixels in memory: a byte b stands for b / 255.</summary>
public sealed class BytePixels : PixelStore
{
    private readonly byte[] _pixels;

    /// <summary>Wraps pixels without copying them.</summary>
    public BytePixels(byte[] pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        _pixels = pixels;
    }

    /// <inheritdoc/>
    public override long Length => _pixels.Length;

    /// <inheritdoc/>
    public override long MemoryBytes => _pixels.Length;

    /// <inheritdoc/>
    public override void CopyTo(long start, Span<float> destination) =>
        ToFloats(_pixels.AsSpan((int)start, destination.Length), destination);

    /// <inheritdoc/>
    protected override string ComputeSha256() => Convert.ToHexStringLower(SHA256.HashData(_pixels));

    /// <summary>Divides by 255, many bytes at once: the general conversions of the library take one at a time, which is most of a batch's cost.</summary>
    internal static void ToFloats(ReadOnlySpan<byte> bytes, Span<float> floats)
    {
        var i = 0;
        for (; i <= bytes.Length - Vector256<byte>.Count; i += Vector256<byte>.Count)
        {
            var (low, high) = Vector256.Widen(Vector256.Create(bytes[i..]));
            ToFloats(low, floats[i..]);
            ToFloats(high, floats[(i + Vector256<ushort>.Count)..]);
        }
        for (; i < bytes.Length; i++)
            floats[i] = bytes[i] / 255f;
    }

    private static void ToFloats(Vector256<ushort> values, Span<float> floats)
    {
        var (low, high) = Vector256.Widen(values);
        (Vector256.ConvertToSingle(low.AsInt32()) / 255f).CopyTo(floats);
        (Vector256.ConvertToSingle(high.AsInt32()) / 255f).CopyTo(floats[Vector256<float>.Count..]);
    }
}
