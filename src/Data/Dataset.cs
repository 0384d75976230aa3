using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;

namespace VaeCluster.Training.Data;

/// <summary>Images in memory: 8-bit pixels, example after example, each channels by height by width.</summary>
public sealed class Dataset
{
    private readonly byte[] _pixels;

    /// <summary>Wraps pixels without copying them.</summary>
    /// <exception cref="ArgumentException">The length is not a multiple of an image's.</exception>
    public Dataset(int channels, int height, int width, byte[] pixels, byte[]? labels = null)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        (Channels, Height, Width, _pixels, Labels) = (channels, height, width, pixels, labels);
        if (pixels.Length % Dimensions != 0)
            throw new ArgumentException($"{pixels.Length} pixels are not a whole number of images of {channels}x{height}x{width}.", nameof(pixels));
    }

    /// <summary>Channels of an image.</summary>
    public int Channels { get; }

    /// <summary>In pixels.</summary>
    public int Height { get; }

    /// <summary>In pixels.</summary>
    public int Width { get; }

    /// <summary>One class an example, where the source has them.</summary>
    public IReadOnlyList<byte>? Labels { get; }

    /// <summary>The true factors of each example, where the source knows them.</summary>
    public FactorTable? Factors { get; init; }

    /// <summary>Values in one example.</summary>
    public int Dimensions => Channels * Height * Width;

    /// <summary>How many examples there are.</summary>
    public int Count => _pixels.Length / Dimensions;

    /// <summary>Writes examples one after the other as floats in [0, 1].</summary>
    /// <param name="indices">Which examples.</param>
    /// <param name="destination">Room for <c>indices.Length * Dimensions</c> values.</param>
    public void CopyTo(ReadOnlySpan<int> indices, Span<float> destination)
    {
        for (var i = 0; i < indices.Length; i++)
            ToFloats(_pixels.AsSpan(indices[i] * Dimensions, Dimensions), destination.Slice(i * Dimensions, Dimensions));
    }

    /// <summary>What the cluster has to know of the data, once they are divided as the spec asks.</summary>
    /// <exception cref="DataException">There are fewer examples than the spec asks for.</exception>
    public DataDescription Describe(DataSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (spec.Test >= Count)
            throw new DataException("data.test", $"data.test is {spec.Test} and the source has {Count} examples; something must be left to train on.", $"Set data.test to less than {Count}.");
        var train = spec.Train == 0 ? Count - spec.Test : spec.Train;
        if ((long)train + spec.Test > Count)
            throw new DataException("data.train", $"data.train is {train} and data.test is {spec.Test}, together {(long)train + spec.Test}, but the source has {Count} examples.", "Ask for fewer, or give a larger source.");
        return new(Channels, Height, Width, train, spec.Test, Convert.ToHexStringLower(SHA256.HashData(_pixels)));
    }

    /// <summary>The source's index of a held-out example: they are the last ones.</summary>
    public int TestIndex(DataDescription description, int testExample)
    {
        ArgumentNullException.ThrowIfNull(description);
        return Count - description.TestExamples + testExample;
    }

    /// <summary>Divides by 255, many bytes at once: the general conversions of the library take one at a time, which is most of a batch's cost.</summary>
    private static void ToFloats(ReadOnlySpan<byte> bytes, Span<float> floats)
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
