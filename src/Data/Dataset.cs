using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;

namespace VaeCluster.Data;

/// <summary>
/// Images, example after example, each channels by height by width. Safe to read from many threads at once. Disposing of it gives back its share of the memory
/// for data, and ends its use.
/// </summary>
public sealed class Dataset : IDisposable
{
    private readonly PixelStore _pixels;
    private DataReservation? _reservation;

    /// <summary>Wraps 8-bit pixels without copying them.</summary>
    /// <exception cref="ArgumentException">The length is not a multiple of an image's.</exception>
    public Dataset(int channels, int height, int width, byte[] pixels, byte[]? labels = null)
        : this(channels, height, width, new BytePixels(pixels), labels)
    {
    }

    /// <summary>Wraps pixels that lie anywhere.</summary>
    /// <param name="channels">Channels of an image.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="pixels">A whole number of images.</param>
    /// <param name="labels">One class per example, where there are classes.</param>
    /// <exception cref="ArgumentException">The length is not a multiple of an image's.</exception>
    public Dataset(int channels, int height, int width, PixelStore pixels, byte[]? labels = null)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        Channels = channels;
        Height = height;
        Width = width;
        _pixels = pixels;
        Labels = labels;
        if (pixels.Length % Dimensions != 0)
            throw new ArgumentException($"{pixels.Length} pixels are not a whole number of images of {channels}x{height}x{width}.", nameof(pixels));
    }

    /// <summary>Channels of an image.</summary>
    public int Channels { get; }

    /// <summary>In pixels.</summary>
    public int Height { get; }

    /// <summary>In pixels.</summary>
    public int Width { get; }

    /// <summary>One class per example, where the source has them.</summary>
    public IReadOnlyList<byte>? Labels { get; private init; }

    /// <summary>What the classes are called, where the source knows.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>The true factors of each example, where the source knows them.</summary>
    public FactorTable? Factors { get; init; }

    /// <summary>Values in one example.</summary>
    public int Dimensions => Channels * Height * Width;

    /// <summary>How many examples there are.</summary>
    public int Count => (int)(_pixels.Length / Dimensions);

    /// <summary>How values become zeros and ones when they are read; as they are by default.</summary>
    public Binarization Binarization { get; private init; } = new(BinarizationKind.None, 0);

    /// <summary>Bytes of memory that the values take; those of a mapped file take none of their own.</summary>
    internal long MemoryBytes => _pixels.MemoryBytes;

    /// <inheritdoc/>
    public void Dispose() => _reservation?.Dispose();

    /// <summary>The same examples, read through a binarization, as the owner of their memory.</summary>
    internal Dataset With(Binarization binarization, DataReservation reservation)
    {
        var dataset = With(binarization);
        dataset._reservation = reservation;
        return dataset;
    }

    /// <summary>The same examples, read through a binarization.</summary>
    public Dataset With(Binarization binarization) =>
        new(Channels, Height, Width, _pixels) { Labels = Labels, Classes = Classes, Factors = Factors, Binarization = binarization };

    /// <summary>
    /// Writes examples one after the other as floats in [0, 1], the way they are evaluated and plotted: where they are binarised, by
    /// a draw that is always the same.
    /// </summary>
    /// <param name="indices">Which examples.</param>
    /// <param name="destination">Room for <c>indices.Length * Dimensions</c> values.</param>
    public void CopyTo(ReadOnlySpan<int> indices, Span<float> destination)
    {
        for (var i = 0; i < indices.Length; i++)
            Binarization.ApplyFixed(indices[i], CopyRow(indices[i], destination.Slice(i * Dimensions, Dimensions)));
    }

    /// <summary>Writes examples one after the other as floats in [0, 1], the way they train in one epoch of a run.</summary>
    /// <param name="indices">Which examples.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">The epoch, counted from 0.</param>
    /// <param name="destination">Room for <c>indices.Length * Dimensions</c> values.</param>
    public void CopyTrainingTo(ReadOnlySpan<int> indices, long seed, int epoch, Span<float> destination)
    {
        for (var i = 0; i < indices.Length; i++)
            Binarization.ApplyTraining(seed, epoch, indices[i], CopyRow(indices[i], destination.Slice(i * Dimensions, Dimensions)));
    }

    /// <summary>SHA-256 of the pixels as the source has them, before they are binarised; lower-case hexadecimal, computed once.</summary>
    public string Sha256 => _pixels.Sha256;

    /// <summary>What the cluster has to know of the data, once they are divided as the spec asks.</summary>
    /// <exception cref="DataException">There are fewer examples than the spec asks for.</exception>
    public DataDescription Describe(DataSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (spec.Test >= Count)
            throw new DataException(
                "data.test",
                $"data.test is {spec.Test} and the source has {Count} examples; at least one example must be left for training.",
                $"Set data.test to less than {Count}.");
        var train = spec.Train == 0 ? Count - spec.Test : spec.Train;
        if ((long)train + spec.Test > Count)
            throw new DataException(
                "data.train",
                $"data.train is {train} and data.test is {spec.Test}, together {(long)train + spec.Test}, but the source has {Count} examples.",
                "Ask for fewer, or give a larger source.");
        return new(Channels, Height, Width, train, spec.Test, _pixels.Sha256);
    }

    /// <summary>The source's index of a held-out example: they are the last ones.</summary>
    public int TestIndex(DataDescription description, int testExample)
    {
        ArgumentNullException.ThrowIfNull(description);
        return Count - description.TestExamples + testExample;
    }

    private Span<float> CopyRow(int index, Span<float> row)
    {
        _pixels.CopyTo((long)index * Dimensions, row);
        return row;
    }
}
