using System.IO.Enumeration;
using VaeCluster.Data.Files;

namespace VaeCluster.Data.Images;

/// <summary>
/// The PNG and JPEG files of a folder and of those in it, by the endings .png, .jpg and .jpeg; what starts with a dot is left out, and links to
/// folders are not followed. When every file lies in a folder below, the first folders are classes.
/// </summary>
internal sealed class ImageFolder
{
    private const int ClassesMax = 256;
    private readonly Dictionary<string, byte> _labels;

    private ImageFolder(string path, IReadOnlyList<ImageFile> files)
    {
        Path = path;
        Files = files;
        var isClassed = files.Count > 0 && files.All(file => file.Name.Contains('/', StringComparison.Ordinal));
        Classes = isClassed ? [.. files.Select(ClassOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)] : [];
        if (Classes.Count > ClassesMax)
            Classes = [];
        _labels = Classes.Index().ToDictionary(named => named.Item, named => (byte)named.Index, StringComparer.Ordinal);
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>
    /// In the order of their names, character by character. With classes that order would hold whole classes out; then it is shuffled, always in the same way.
    /// </summary>
    public IReadOnlyList<ImageFile> Files { get; }

    /// <summary>Names of the classes, in order; empty when there are none or more than 256.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Lists a folder.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="access">What it may use.</param>
    /// <exception cref="DataException">It is not there, cannot be read, or holds no image.</exception>
    public static ImageFolder List(string path, DataAccess access)
    {
        if (access.KindOf(path) != PathKind.Folder)
            throw new DataException(
                "data.path",
                $"data.path is {path}, and there is no such folder on this silo ({System.IO.Path.GetFullPath(path)}).",
                "Give the folder that holds the images, as the silos see it.");
        var files = FolderListing.Of(path, access, FileOf, DataLimits.FolderDepthMax).OfType<ImageFile>()
            .OrderBy(file => file.Name, StringComparer.Ordinal)
            .ToArray();
        if (files.Length == 0)
            throw new DataException("data.path", $"data.path is {path}, and no file there ends in .png, .jpg or .jpeg.",
                "Give the folder that holds the images.");
        var folder = new ImageFolder(path, files);
        return folder.Classes.Count == 0 ? folder : new ImageFolder(path, Shuffled(files));
    }

    /// <summary>The number of a file's class.</summary>
    public byte LabelOf(ImageFile file) => _labels[ClassOf(file)];

    private static string ClassOf(ImageFile file) => file.Name[..file.Name.IndexOf('/', StringComparison.Ordinal)];

    private static ImageFile[] Shuffled(ImageFile[] files)
    {
        var order = new KeyedPermutation(0, 0, files.Length);
        return [.. Enumerable.Range(0, files.Length).Select(i => files[order[i]])];
    }

    /// <summary>Null for what is no image by its name.</summary>
    private static ImageFile? FileOf(string root, ref FileSystemEntry entry)
    {
        if (entry.IsDirectory || !IsImage(entry.FileName))
            return null;
        var path = entry.ToFullPath();
        var name = System.IO.Path.GetRelativePath(root, path).Replace(System.IO.Path.DirectorySeparatorChar, '/');
        if (!entry.Attributes.HasFlag(FileAttributes.ReparsePoint))
            return new(name, entry.Length, entry.LastWriteTimeUtc.UtcTicks);
        // What a link points to is what will be read. A link to nothing is a bad file like others, found when it is read.
        return File.ResolveLinkTarget(path, returnFinalTarget: true) is FileInfo { Exists: true } target
            ? new(name, target.Length, target.LastWriteTimeUtc.Ticks)
            : new(name, 0, 0);
    }

    private static bool IsImage(ReadOnlySpan<char> name) =>
        name is not ['.', ..]
        && (name.EndsWith(".png", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".jpg", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".jpeg", StringComparison.OrdinalIgnoreCase));
}
