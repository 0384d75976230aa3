using VaeCluster.Contracts.Specs;
using VaeCluster.Data.Arrays;
using VaeCluster.Data.Images;

namespace VaeCluster.Data;

/// <summary>Opens what a spec's <c>data</c> section names.</summary>
public static class DataSources
{
    /// <summary>Reads or draws the whole source into memory, or opens the cache that it was decoded into.</summary>
    /// <param name="spec">A complete spec's data section.</param>
    /// <param name="progress">Notified of work that takes long.</param>
    /// <param name="cacheFolder">Where decoded images are kept; <see cref="CacheFolder.Default"/> when left out.</param>
    /// <exception cref="DataException">It is not there, or not what it says it is.</exception>
    public static Dataset Open(DataSpec spec, IProgress<DataProgress>? progress = null, string? cacheFolder = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var dataset = spec.Source switch
        {
            DataSourceKind.Shapes => DrawShapes(spec),
            DataSourceKind.Idx => spec.Files == IdxFiles.All ? IdxSource.ReadAll(spec.Path!) : IdxSource.Read(spec.Path!),
            DataSourceKind.Images => ImageSource.Read(spec, progress, cacheFolder),
            DataSourceKind.Npy => NpySource.Read(spec),
            _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Source, "There is no such source."),
        };
        return dataset.With(new Binarization(spec.Binarize, spec.Threshold));
    }

    /// <summary>The true factors of a source's examples, without the examples; null where it does not know them.</summary>
    /// <param name="spec">A complete spec's data section.</param>
    /// <exception cref="DataException">The source is not there, or not what it says it is.</exception>
    public static FactorTable? OpenFactors(DataSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Source switch
        {
            DataSourceKind.Shapes => ShapesSource.Factors(spec.Count),
            DataSourceKind.Npy => NpySource.ReadFactors(spec),
            _ => null,
        };
    }

    private static Dataset DrawShapes(DataSpec spec)
    {
        MemoryRoom.Check(
            "data.count",
            $"data.count of {spec.Count} shapes of {spec.Channels}x{spec.ImageSize}x{spec.ImageSize}",
            (Int128)spec.Count * spec.Channels * spec.ImageSize * spec.ImageSize,
            1);
        return ShapesSource.Draw(spec.Count, spec.ImageSize, spec.Channels);
    }
}
