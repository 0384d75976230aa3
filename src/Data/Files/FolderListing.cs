using System.IO.Enumeration;

namespace VaeCluster.Data.Files;

/// <summary>Lists folders of data, as far as the limits go.</summary>
internal static class FolderListing
{
    /// <summary>The files of one folder, each with the folder's path before its name.</summary>
    /// <exception cref="DataException">It cannot be read, or holds more than is listed.</exception>
    public static IReadOnlyList<string> FilesIn(string folder, DataAccess access)
    {
        var files = new List<string>();
        foreach (var (name, isFolder) in Of(folder, access, Entry, depth: 0))
        {
            if (!isFolder)
                files.Add(Path.Join(folder, name));
        }
        return files;

        static (string Name, bool IsFolder) Entry(string root, ref FileSystemEntry entry) => (entry.FileName.ToString(), entry.IsDirectory);
    }

    /// <summary>Makes something of an entry.</summary>
    /// <param name="root">The folder that is listed, as the entry's full path begins.</param>
    /// <param name="entry">The entry.</param>
    public delegate T Transform<out T>(string root, ref FileSystemEntry entry);

    /// <summary>Every entry of a folder and of the folders in it, those whose names start with a dot left out. Links to folders are not followed.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="access">What it may use.</param>
    /// <param name="transform">Makes the result of an entry.</param>
    /// <param name="depth">How many folders deep; 0 is this folder alone.</param>
    /// <exception cref="DataException">It cannot be read, holds more than is listed, or is deeper.</exception>
    public static IEnumerable<T> Of<T>(string folder, DataAccess access, Transform<T> transform, int depth)
    {
        using var found = access.Find(folder)
            ?? throw new DataException("data.path", $"{folder} is not there.", "Give the path of a folder, as the silos see it.");
        var (root, count) = (found.HeldPath, 0);
        var entries = new FileSystemEnumerable<T>(
            root,
            (ref FileSystemEntry entry) => transform(root, ref entry),
            new EnumerationOptions { RecurseSubdirectories = depth > 0, AttributesToSkip = 0, IgnoreInaccessible = false })
        {
            ShouldIncludePredicate = (ref FileSystemEntry _) =>
            {
                access.NoteProgress();
                return ++count <= DataLimits.ListedFilesMax ? true : throw TooMany(folder);
            },
            ShouldRecursePredicate = (ref FileSystemEntry entry) =>
                entry.FileName is not ['.', ..]
                && !entry.Attributes.HasFlag(FileAttributes.ReparsePoint)
                && (entry.Directory[root.Length..].Count(Path.DirectorySeparatorChar) < depth ? true : throw TooDeep(folder, depth)),
        };
        using var enumerator = Guarded(folder, root, entries.GetEnumerator);
        while (Guarded(folder, root, enumerator.MoveNext))
            yield return enumerator.Current;
    }

    private static T Guarded<T>(string folder, string root, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var reason = e.Message.Replace(root, folder, StringComparison.Ordinal);
            throw new DataException("data.path", $"{folder} cannot be read: {reason}", "Check that the silo may read it and all that is in it.", e);
        }
    }

    private static DataException TooDeep(string folder, int depth) => new(
        "data.path",
        $"{folder} has folders more than {depth} levels deep; data are at most that deep.",
        "Give the folder that holds the data themselves.");

    private static DataException TooMany(string folder) => new(
        "data.path",
        $"{folder} holds more than {DataLimits.ListedFilesMax} files and folders, which is the most that are listed.",
        "Split the folder, or pack its files into an array (source npy).");
}
