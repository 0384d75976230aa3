using VaeCluster.Data.Files;

namespace VaeCluster.Data;

/// <summary>
/// The IDX files of MNIST, Fashion-MNIST and EMNIST, gzipped or not: finds those of images and those of their labels.
/// </summary>
public static class IdxSource
{
    /// <summary>Reads a file of images, or the only pair of image and label files of one folder.</summary>
    /// <param name="path">
    /// An images file, or a folder that holds <c>train-images*</c> or <c>t10k-images*</c> files; where both are there, the train file.
    /// </param>
    /// <param name="access">What it may use; without bounds when left out.</param>
    /// <exception cref="DataException">Nothing usable is there.</exception>
    public static Dataset Read(string path, DataAccess? access = null)
    {
        access ??= new DataAccess();
        var (shape, pixels, labels) = ReadImages(FindImages(path, access), access);
        return new Dataset(shape.Length == 3 ? 1 : shape[1], shape[^2], shape[^1], pixels, labels);
    }

    private static (int[] Shape, byte[] Pixels, byte[]? Labels) ReadImages(string images, DataAccess access)
    {
        var (shape, pixels) = ReadFile(images, access);
        if (shape.Length is not (3 or 4))
            throw Bad(images, $"has {shape.Length} dimensions; images have 3 (count, height, width) or 4 (count, channels, height, width)",
                "Point data.path at the file with 'images' in its name.");
        if (shape.Length == 4 && shape[1] is not (1 or 3))
            throw Bad(images, $"holds images of {shape[1]} channels ({string.Join('x', shape)}); an image has 1 (grey) or 3 (RGB)",
                "Put the channels second: count, channels, height, width.");
        return (shape, pixels, ReadLabels(images, shape[0], access));
    }

    /// <summary>Reads the train file of a folder and the test file behind it.</summary>
    /// <param name="folder">A folder that holds a <c>train-images*</c> and a <c>t10k-images*</c> file.</param>
    /// <param name="access">What it may use; without bounds when left out.</param>
    /// <exception cref="DataException">Not both are there, or their images are of different shapes.</exception>
    public static Dataset ReadAll(string folder, DataAccess? access = null)
    {
        access ??= new DataAccess();
        var (train, test) = (ImagesIn(folder, "train", access), ImagesIn(folder, "t10k", access));
        if (train is null || test is null)
            throw new DataException(
                "data.files",
                $"data.files is all and {folder} has no images file with '{(train is null ? "train" : "t10k")}' in its name; both must be there.",
                "Fetch the whole set with `vaectl data fetch`, or leave data.files out.");
        var (first, second) = (ReadImages(train, access), ReadImages(test, access));
        if (!first.Shape.Skip(1).SequenceEqual(second.Shape.Skip(1)))
            throw Bad(
                test,
                $"holds images of {string.Join('x', second.Shape.Skip(1))}, and the train file of {string.Join('x', first.Shape.Skip(1))}",
                "Use the two files of one set.");
        var labels = first.Labels is null || second.Labels is null ? null : (byte[])[.. first.Labels, .. second.Labels];
        return new Dataset(first.Shape.Length == 3 ? 1 : first.Shape[1], first.Shape[^2], first.Shape[^1], [.. first.Pixels, .. second.Pixels], labels);
    }

    private static string? ImagesIn(string folder, string part, DataAccess access) => access.KindOf(folder) != PathKind.Folder ? null :
        FolderListing.FilesIn(folder, access)
            .Where(file => Array.TrueForAll(["images", "idx3", part], word => Path.GetFileName(file).Contains(word, StringComparison.OrdinalIgnoreCase)))
            .Order(StringComparer.Ordinal)
            .FirstOrDefault();

    /// <summary>Whether a path looks like one of these files, or like a folder of them.</summary>
    /// <exception cref="DataException">It cannot be read.</exception>
    internal static bool IsThere(string path, DataAccess access) => access.KindOf(path) switch
    {
        PathKind.File => new IdxReader(path, access).IsIdx(),
        PathKind.Folder => ImagesIn(path, access) is not null,
        _ => false,
    };

    private static string FindImages(string path, DataAccess access) => access.KindOf(path) switch
    {
        PathKind.File => path,
        PathKind.Folder => ImagesIn(path, access)
            ?? throw new DataException("data.path", $"data.path is {path}, and no file there has 'images' and 'idx3' in its name.",
                "Put an IDX images file there, such as train-images-idx3-ubyte.gz, or give the path of the file itself."),
        _ => throw new DataException(
            "data.path",
            $"data.path is {path}, and there is no such file or folder on this silo ({Path.GetFullPath(path)}).",
            "Give the folder that holds the images file, as the silos see it."),
    };

    private static string? ImagesIn(string folder, DataAccess access) =>
        FolderListing.FilesIn(folder, access)
            .Where(file => Path.GetFileName(file).Contains("images", StringComparison.OrdinalIgnoreCase)
                && Path.GetFileName(file).Contains("idx3", StringComparison.OrdinalIgnoreCase))
            // "train..." sorts after "t10k...": the train file comes first, and a plain file before its gzipped twin.
            .OrderByDescending(file => Path.GetFileName(file).Contains("train", StringComparison.OrdinalIgnoreCase))
            .ThenBy(file => file, StringComparer.Ordinal)
            .FirstOrDefault();

    private static byte[]? ReadLabels(string images, int count, DataAccess access)
    {
        var name = Path.GetFileName(images);
        if (FindLabels(images, access) is not { } sibling)
            return null;
        var (shape, labels) = ReadFile(sibling, access);
        if (shape.Length != 1 || shape[0] != count)
            throw Bad(sibling, $"holds {string.Join('x', shape)} labels, and {name} holds {count} images", "Use the two files of one download.");
        return labels;
    }

    /// <summary>The labels file of an images file: the same name with other words in it, zipped or not, whether the images are or not.</summary>
    private static string? FindLabels(string images, DataAccess access)
    {
        var name = Path.GetFileName(images).Replace("images", "labels", StringComparison.Ordinal).Replace("idx3", "idx1", StringComparison.Ordinal);
        var sibling = Path.Combine(Path.GetDirectoryName(images) ?? ".", name);
        if (sibling == images)
            return null;
        var twin = sibling.EndsWith(".gz", StringComparison.Ordinal) ? sibling[..^3] : sibling + ".gz";
        return access.KindOf(sibling) == PathKind.File ? sibling : access.KindOf(twin) == PathKind.File ? twin : null;
    }

    private static (int[] Shape, byte[] Values) ReadFile(string path, DataAccess access) => new IdxReader(path, access).Read();

    private static DataException Bad(string path, string problem, string fix) => new("data.path", $"{path} {problem}.", fix);
}
