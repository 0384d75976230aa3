namespace VaeCluster.Data.Files;

/// <summary>
/// The folders that data may be read from. A spec comes from whoever reaches a silo, and names a path that the silo opens with its own rights.
/// </summary>
public sealed class DataRoots
{
    private readonly bool _isAnywhere;

    private DataRoots(IReadOnlyList<string> folders, bool isAnywhere)
    {
        Folders = folders;
        _isAnywhere = isAnywhere;
    }

    /// <summary>No bound: for a program that reads what its own user names.</summary>
    public static DataRoots Anywhere { get; } = new([], isAnywhere: true);

    /// <summary>The folders, as absolute paths; none of them need exist.</summary>
    public IReadOnlyList<string> Folders { get; }

    /// <summary>Bounds data to folders. Without any, no file is read at all.</summary>
    public static DataRoots Of(IEnumerable<string> folders)
    {
        ArgumentNullException.ThrowIfNull(folders);
        return new([.. folders.Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))).Distinct(StringComparer.Ordinal)], false);
    }

    /// <summary>The folders as messages list them.</summary>
    public override string ToString() => _isAnywhere ? "anywhere" : Folders.Count == 0 ? "none" : string.Join(", ", Folders);

    /// <summary>Whether a path is in one of the folders by its name alone.</summary>
    internal bool Names(string fullPath) => _isAnywhere || Folders.Any(folder => IsIn(folder, fullPath));

    /// <summary>Whether a path without links is in one of the folders, whose own links are followed now.</summary>
    internal bool Contain(string realPath) => _isAnywhere || Folders.Any(folder => RealPathOf(folder) is { } real && IsIn(real, realPath));

    /// <summary>Whether a path where nothing is would be in one of the folders: whether the first folder above it that exists is.</summary>
    internal bool WouldContain(string fullPath)
    {
        for (var path = fullPath; path is not null; path = Path.GetDirectoryName(path))
        {
            if (Names(path))
                return true;
            if (RealPathOf(path) is { } real)
                return Contain(real);
        }
        return false;
    }

    private static bool IsIn(string folder, string path) =>
        path.StartsWith(folder, StringComparison.Ordinal)
        && (path.Length == folder.Length || Path.EndsInDirectorySeparator(folder) || path[folder.Length] == Path.DirectorySeparatorChar);

    private static string? RealPathOf(string folder)
    {
        try
        {
            using var found = FoundPath.Find(folder);
            return found?.RealPath;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // In a folder that cannot be followed, nothing can be read.
            return null;
        }
    }
}
