using VaeCluster.Contracts.Specs;
using VaeCluster.Data.Arrays;
using VaeCluster.Data.Images;

namespace VaeCluster.Data;

/// <summary>Opens what a spec's <c>data</c> section names.</summary>
public static class DataSources
{
    /// <summary>How the built-in kinds are read, by their names.</summary>
    private static readonly Dictionary<string, IDataSource> BuiltIn = new(StringComparer.Ordinal)
    {
        ["shapes"] = new DrawnShapes(),
        ["idx"] = new IdxFilesSource(),
        ["images"] = new ImageFolderSource(),
        ["npy"] = new NpyFileSource(),
    };

    /// <summary>Reads or draws the whole source into memory, or opens the cache that it was decoded into.</summary>
    /// <param name="spec">A complete spec's data section.</param>
    /// <param name="progress">Notified of work that takes long.</param>
    /// <param name="cacheFolder">Where decoded images are kept; <see cref="CacheFolder.Default"/> when left out.</param>
    /// <exception cref="DataException">It is not there, or not what it says it is.</exception>
    public static Dataset Open(DataSpec spec, IProgress<DataProgress>? progress = null, string? cacheFolder = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return SourceOf(spec).Open(spec, progress, cacheFolder).With(new Binarization(spec.Binarize, spec.Threshold));
    }

    /// <summary>The true factors of a source's examples, without the examples; null where it does not know them.</summary>
    /// <param name="spec">A complete spec's data section.</param>
    /// <exception cref="DataException">The source is not there, or not what it says it is.</exception>
    public static FactorTable? OpenFactors(DataSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return SourceOf(spec).OpenFactors(spec);
    }

    private static IDataSource SourceOf(DataSpec spec)
    {
        var kind = SpecKinds.SourceOf(spec);
        return kind as IDataSource ?? BuiltIn[kind.Name];
    }

    private sealed class DrawnShapes : IDataSource
    {
        public Dataset Open(DataSpec spec, IProgress<DataProgress>? progress, string? cacheFolder)
        {
            MemoryRoom.Check(
                "data.count",
                $"data.count of {spec.Count} shapes of {spec.Channels}x{spec.ImageSize}x{spec.ImageSize}",
                (Int128)spec.Count * spec.Channels * spec.ImageSize * spec.ImageSize,
                1);
            return ShapesSource.Draw(spec.Count, spec.ImageSize, spec.Channels);
        }

        public FactorTable? OpenFactors(DataSpec spec) => ShapesSource.Factors(spec.Count);
    }

    private sealed class IdxFilesSource : IDataSource
    {
        public Dataset Open(DataSpec spec, IProgress<DataProgress>? progress, string? cacheFolder) =>
            spec.Files == IdxFiles.All ? IdxSource.ReadAll(spec.Path!) : IdxSource.Read(spec.Path!);
    }

    private sealed class ImageFolderSource : IDataSource
    {
        public Dataset Open(DataSpec spec, IProgress<DataProgress>? progress, string? cacheFolder) => ImageSource.Read(spec, progress, cacheFolder);
    }

    private sealed class NpyFileSource : IDataSource
    {
        public Dataset Open(DataSpec spec, IProgress<DataProgress>? progress, string? cacheFolder) => NpySource.Read(spec);

        public FactorTable? OpenFactors(DataSpec spec) => NpySource.ReadFactors(spec);
    }
}
