using VaeCluster.Contracts.Specs;
using VaeCluster.Data.Arrays;
using VaeCluster.Data.Files;

namespace VaeCluster.Data.Inspection;

/// <summary>Finds out what a file or folder holds, and reads all of it.</summary>
public static class DataInspector
{
    private const int ExamplesAtOnce = 256;

    /// <summary>Looks at a place.</summary>
    /// <param name="path">A file or folder.</param>
    /// <param name="array">Which array of an archive; null for the only one that can be meant.</param>
    /// <param name="layout">What the axes of an array are.</param>
    /// <param name="progress">Notified while images are decoded.</param>
    /// <exception cref="DataException">Nothing that a source reads is there.</exception>
    public static DataReport Inspect(string path, string? array = null, ArrayLayoutKind layout = ArrayLayoutKind.Auto, IProgress<DataProgress>? progress = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var access = new DataAccess { Progress = progress };
        if (access.KindOf(path) is not { } kind)
            throw new DataException("data.path", $"There is no file or folder {path} ({Path.GetFullPath(path)}).",
                "Give a folder of images, or IDX or NumPy files.");
        if (IdxSource.IsThere(path, access))
            return OfDataset("idx", path, IdxSource.Read(path, access));
        if (kind == PathKind.Folder)
            return ImageInspector.Inspect(path, access);
        return OfDataset("npy", path, NpySource.Read(new DataSpec { Source = "npy", Path = path, Array = array, Layout = layout }, access));
    }

    private static DataReport OfDataset(string source, string path, Dataset data)
    {
        var values = new ValueRange();
        var some = new float[ExamplesAtOnce * data.Dimensions];
        for (var first = 0; first < data.Count; first += ExamplesAtOnce)
        {
            var count = Math.Min(ExamplesAtOnce, data.Count - first);
            data.CopyTo([.. Enumerable.Range(first, count)], some);
            values.Add(some.AsSpan(0, count * data.Dimensions));
        }
        return new DataReport
        {
            Source = source,
            Path = path,
            Examples = data.Count,
            Shape = $"{data.Channels}x{data.Height}x{data.Width}",
            Minimum = values.Minimum,
            Maximum = values.Maximum,
            Mean = values.Mean,
            Sha256 = data.Sha256,
            Labels = (data.Labels ?? []).CountBy(label => label).OrderBy(pair => pair.Key).ToDictionary(pair => $"{pair.Key}", pair => pair.Value),
            Factors = data.Factors is { } factors ? factors.Names.Zip(factors.Sizes).ToDictionary(pair => pair.First, pair => pair.Second) : [],
        };
    }
}
