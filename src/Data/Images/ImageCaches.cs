using System.Text.Json;

namespace VaeCluster.Data.Images;

/// <summary>The caches of decoded images on this machine: their list, and the removal of unused ones. None goes by itself.</summary>
public static class ImageCaches
{
    private const string Ending = ".images";
    private const string LeftOverEnding = AtomicFile.PartialEnding;

    /// <summary>Every cache, and what a process that was killed left of one; the one that was used last first.</summary>
    /// <param name="folder">Where they are; <see cref="CacheFolder.Default"/> when left out.</param>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static IReadOnlyList<CachedImages> List(string? folder = null)
    {
        var root = new DirectoryInfo(folder ?? CacheFolder.Default);
        return !root.Exists ? [] :
        [
            .. root.EnumerateFiles()
                .Where(file => file.Extension is Ending or LeftOverEnding)
                .Select(Look)
                .OfType<CachedImages>()
                .OrderByDescending(cached => cached.UsedAt),
        ];
    }

    /// <summary>Removes the caches that were not used for some time, and what killed processes left. What is being made now stays.</summary>
    /// <remarks>A process that has a cache open keeps it until it ends: the disk gives the room back then. Whoever needs it next makes it again.</remarks>
    /// <param name="unused">For how long; zero removes all.</param>
    /// <param name="time">The clock.</param>
    /// <param name="folder">Where they are; <see cref="CacheFolder.Default"/> when left out.</param>
    /// <returns>What was removed.</returns>
    /// <exception cref="IOException">A file cannot be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">This process may not write there.</exception>
    public static IReadOnlyList<CachedImages> Remove(TimeSpan unused, TimeProvider time, string? folder = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        var now = time.GetUtcNow().UtcDateTime;
        return [.. List(folder).Where(cached => (IsLeftOver(cached) || now - cached.UsedAt >= unused) && TryRemove(cached))];
    }

    private static bool IsLeftOver(CachedImages cached) => cached.Path.EndsWith(LeftOverEnding, StringComparison.Ordinal);

    /// <summary>Null when it went away meanwhile.</summary>
    private static CachedImages? Look(FileInfo file)
    {
        try
        {
            if (file.Extension == LeftOverEnding)
                return new(file.FullName, file.Length, file.LastWriteTimeUtc, "", 0, "");
            var index = ImageCache.ReadIndex(file.FullName);
            return new(file.FullName, file.Length, ImageCache.UsedAt(file.FullName), index.Source, index.Count, $"{index.Channels}x{index.Side}x{index.Side}");
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is InvalidDataException or JsonException)
        {
            // Damaged, which whoever opens it will say; here it takes room as others do.
            return new(file.FullName, file.Length, ImageCache.UsedAt(file.FullName), "", 0, "");
        }
    }

    private static bool TryRemove(CachedImages cached)
    {
        var cache = cached.Path[..(cached.Path.IndexOf(Ending, StringComparison.Ordinal) + Ending.Length)];
        // A process that makes the cache holds its lock; what lies there is its work.
        using var turn = ImageCache.TryTakeTurn(cache);
        if (turn is null)
            return false;
        File.Delete(cached.Path);
        // Two who come now, one of them with the lock that is going away, would both make the cache, and the same one.
        File.Delete(turn.Name);
        return true;
    }
}
