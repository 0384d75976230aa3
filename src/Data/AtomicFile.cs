namespace VaeCluster.Data;

/// <summary>
/// Writes a file so that whoever reads it finds all of it or what was there before: beside its place, flushed to the disk, then renamed. The name beside is of
/// one write alone, so two that write the same file at once cannot mix.
/// </summary>
public static class AtomicFile
{
    /// <summary>How the name beside the place ends; a file with this ending was left by a process that was killed.</summary>
    public const string PartialEnding = ".partial";

    private const int BufferBytes = 1 << 16;

    /// <summary>Writes a content.</summary>
    /// <exception cref="IOException">The disk does not take it; the file is as it was.</exception>
    public static void Write(string path, byte[] content) => Write(path, file => file.Write(content));

    /// <summary>Writes what a delegate writes. The folder is created if it is not there.</summary>
    /// <exception cref="IOException">The disk does not take it; the file is as it was.</exception>
    public static void Write(string path, Action<FileStream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var beside = Beside(path);
        try
        {
            using (var file = Create(beside))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }
            File.Move(beside, path, overwrite: true);
        }
        finally
        {
            File.Delete(beside); // Half a file is of no use; after the move there is none.
        }
    }

    /// <summary>Writes a content.</summary>
    /// <exception cref="IOException">The disk does not take it; the file is as it was.</exception>
    public static Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
        WriteAsync(path, file => file.WriteAsync(content, cancellationToken).AsTask());

    /// <summary>Writes what a delegate writes. The folder is created if it is not there.</summary>
    /// <exception cref="IOException">The disk does not take it; the file is as it was.</exception>
    public static async Task WriteAsync(string path, Func<FileStream, Task> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var beside = Beside(path);
        try
        {
            await using (var file = Create(beside))
            {
                await write(file);
                file.Flush(flushToDisk: true);
            }
            File.Move(beside, path, overwrite: true);
        }
        finally
        {
            File.Delete(beside); // Half a file is of no use; after the move there is none.
        }
    }

    private static string Beside(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        return $"{full}.{Guid.NewGuid():N}{PartialEnding}";
    }

    private static FileStream Create(string path) => new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferBytes);
}
