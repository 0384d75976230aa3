using System.IO.Enumeration;
using VaeCluster.Contracts;

namespace VaeCluster.Data.Files;

/// <summary>
/// The program's own files below a folder that others can write to as well. No link below that folder is followed: somebody who may put a link there must not
/// have what only the program may read.
/// </summary>
public static class OwnFolder
{
    /// <summary>Every regular file below a folder.</summary>
    /// <param name="root">The program's own folder, whose own links are followed.</param>
    /// <param name="folder">A folder below it.</param>
    /// <param name="filesMax">How many there may be.</param>
    /// <returns>The files with their full paths; none where the folder is not there or is behind a link.</returns>
    /// <exception cref="LimitException">There are more.</exception>
    public static IReadOnlyList<OwnFile> List(string root, string folder, int filesMax)
    {
        using var found = FindOwn(root, folder);
        if (found?.Kind != PathKind.Folder)
            return [];
        var held = found.HeldPath;
        // Links are left out here, whether they lead to files or to folders.
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        var files = new FileSystemEnumerable<OwnFile>(held, (ref FileSystemEntry entry) => FileOf(held, folder, ref entry), options)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory,
        }.Take(filesMax + 1).ToList();
        return files.Count <= filesMax
            ? files
            : throw new LimitException($"{folder} has more than {filesMax} files, which is the most that are listed. Read them from the data directory.");
    }

    /// <summary>A regular file; null where it is not there, or is behind a link.</summary>
    /// <param name="root">The program's own folder, whose own links are followed.</param>
    /// <param name="path">A path below it.</param>
    public static OwnFile? Find(string root, string path)
    {
        using var found = FindOwn(root, path);
        if (found?.Kind != PathKind.File)
            return null;
        var file = new FileInfo(found.RealPath);
        return file.Exists ? new OwnFile(path, file.Length, file.LastWriteTimeUtc) : null;
    }

    /// <summary>Opens a regular file for reading; null where it is not there, or is behind a link.</summary>
    /// <param name="root">The program's own folder, whose own links are followed.</param>
    /// <param name="path">A path below it.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static FileStream? TryOpen(string root, string path)
    {
        using var found = FindOwn(root, path);
        return found?.Kind == PathKind.File ? new FileStream(found.HeldPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete) : null;
    }

    private static FoundPath? FindOwn(string root, string path)
    {
        using var foundRoot = FoundPath.Find(root);
        var found = FoundPath.Find(path);
        if (found is null || foundRoot is null || found.RealPath == Path.Join(foundRoot.RealPath, Path.GetRelativePath(root, path)))
            return found;
        found.Dispose();
        return null;
    }

    private static OwnFile FileOf(string held, string folder, ref FileSystemEntry entry) =>
        new(Path.Join(folder, Path.GetRelativePath(held, entry.ToFullPath())), entry.Length, entry.LastWriteTimeUtc.UtcDateTime);
}

/// <summary>A file of the program's own.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Length">In bytes.</param>
/// <param name="ModifiedAt">When it was last written, UTC.</param>
public sealed record OwnFile(string Path, long Length, DateTime ModifiedAt);
