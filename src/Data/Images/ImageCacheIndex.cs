namespace VaeCluster.Data.Images;

/// <summary>What a cache file holds.</summary>
internal sealed record ImageCacheIndex
{
    public required int Channels { get; init; }

    /// <summary>Height and width, in pixels.</summary>
    public required int Side { get; init; }

    public required int Count { get; init; }

    /// <summary>Lower-case hexadecimal; also that of the dataset.</summary>
    public required string PixelsSha256 { get; init; }

    /// <summary>Empty when there are no classes.</summary>
    public required string LabelsSha256 { get; init; }

    /// <summary>How many files were left out.</summary>
    public required int BadFiles { get; init; }

    /// <summary>The first of them, each with what is wrong with it.</summary>
    public required IReadOnlyList<string> BadNames { get; init; }

    /// <summary>The folder of the files; empty in caches of earlier versions.</summary>
    public string Source { get; init; } = "";

    public long PixelBytes => (long)Count * Channels * Side * Side;

    public int LabelBytes => LabelsSha256.Length > 0 ? Count : 0;
}

/// <summary>An open cache file.</summary>
internal sealed record ImageCacheContent(ImageCacheIndex Index, MappedPixels Pixels, byte[]? Labels);
