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

    /// <summary>Reads or draws the whole source into memory, or opens the cache that it was decoded into, without bounds but that of memory.</summary>
    /// <param name="spec">A complete spec's data section.</param>
    /// <param name="progress">Notified of work that takes long.</param>
    /// <param name="cacheFolder">Where decoded images are kept; <see cref="CacheFolder.Default"/> when left out.</param>
    /// <exception cref="DataException">It is not there, or not what it says it is.</exception>
    public static Dataset Open(DataSpec spec, IProgress<DataProgress>? progress = null, string? cacheFolder = null) =>
        Open(spec, new DataAccess { Progress = progress, CacheFolder = cacheFolder });

    /// <summary>Reads or draws the whole source into memory, or opens the cache that it was decoded into.</summary>
    /// <param name="spec">A complete spec's data section.</param>
    /// <param name="access">What it may use.</param>
    /// <exception cref="DataException">It is not there, not allowed, too large, or not what it says it is.</exception>
    /// <exception cref="OperationCanceledException">The call that it is opened for has ended.</exception>
    public static Dataset Open(DataSpec spec, DataAccess access)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(access);
        var reservation = new DataReservation(access.Memory);
        try
        {
            var source = SourceOf(spec, access);
            var dataset = source.Open(spec, access.With(reservation));
            // What a source of an extension did not reserve counts all the same.
            reservation.Add("data", $"The source {spec.Source}", Math.Max(0, dataset.MemoryBytes - reservation.Bytes));
            return dataset.With(new Binarization(spec.Binarize, spec.Threshold), reservation);
        }
        catch
        {
            reservation.Dispose();
            throw;
        }
    }

    /// <summary>The true factors of a source's examples, without the examples; null where it does not know them.</summary>
    /// <param name="spec">A complete spec's data section.</param>
    /// <param name="access">What it may use; without bounds when left out.</param>
    /// <exception cref="DataException">The source is not there, or not what it says it is.</exception>
    public static FactorTable? OpenFactors(DataSpec spec, DataAccess? access = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        access ??= new DataAccess();
        using var reservation = new DataReservation(access.Memory);
        return SourceOf(spec, access).OpenFactors(spec, access.With(reservation));
    }

    /// <summary>How a spec's source is read, once its path is known to be one that may be: a source of an extension may open files in its own way.</summary>
    private static IDataSource SourceOf(DataSpec spec, DataAccess access)
    {
        if (spec.Path is not null)
            access.KindOf(spec.Path);
        var kind = SpecKinds.SourceOf(spec);
        return kind as IDataSource ?? BuiltIn[kind.Name];
    }

    private sealed class DrawnShapes : IDataSource
    {
        public Dataset Open(DataSpec spec, DataAccess access)
        {
            access.Reserve(
                "data.count",
                $"data.count of {spec.Count} shapes of {spec.Channels}x{spec.ImageSize}x{spec.ImageSize}",
                (Int128)spec.Count * spec.Channels * spec.ImageSize * spec.ImageSize,
                1);
            return ShapesSource.Draw(spec.Count, spec.ImageSize, spec.Channels);
        }

        public FactorTable? OpenFactors(DataSpec spec, DataAccess access) => ShapesSource.Factors(spec.Count);
    }

    private sealed class IdxFilesSource : IDataSource
    {
        public Dataset Open(DataSpec spec, DataAccess access) =>
            spec.Files == IdxFiles.All ? IdxSource.ReadAll(spec.Path!, access) : IdxSource.Read(spec.Path!, access);
    }

    private sealed class ImageFolderSource : IDataSource
    {
        public Dataset Open(DataSpec spec, DataAccess access) => ImageSource.Read(spec, access);
    }

    private sealed class NpyFileSource : IDataSource
    {
        public Dataset Open(DataSpec spec, DataAccess access) => NpySource.Read(spec, access);

        public FactorTable? OpenFactors(DataSpec spec, DataAccess access) => NpySource.ReadFactors(spec, access);
    }
}
