using System.Text.Json;
using VaeCluster.Data;

namespace VaeCluster.Grains.Storage;

/// <summary>
/// Holds a data directory for one cluster. Two clusters that share no membership would both drive the runs that lie there. Every silo keeps a shared lock on a
/// file while it runs, and another file names the cluster; a silo of another cluster may take the directory over only when no silo holds it.
/// </summary>
public sealed class DataDirectoryClaim : IDisposable
{
    private const int AttemptsMax = 50;

    private static readonly TimeSpan RetryPeriod = TimeSpan.FromMilliseconds(20);

    private readonly FileStream _lock;

    private DataDirectoryClaim(FileStream held) => _lock = held;

    /// <summary>Claims a directory for a cluster until it is disposed of, or the process ends.</summary>
    /// <param name="path">The data directory; it exists and is writable.</param>
    /// <param name="cluster">The cluster, and where its membership is kept.</param>
    /// <param name="silo">The name of this silo, for messages.</param>
    /// <exception cref="DataDirectoryInUseException">
    /// A silo of another cluster, or with other extensions, uses the directory; the message names both.
    /// </exception>
    /// <exception cref="IOException">The directory cannot be written.</exception>
    public static async Task<DataDirectoryClaim> AcquireAsync(string path, ClusterIdentity cluster, string silo = "")
    {
        ArgumentNullException.ThrowIfNull(cluster);
        var (lockPath, namePath) = (Path.Combine(path, "cluster.lock"), Path.Combine(path, "cluster.json"));
        for (var attempt = 1; ; attempt++)
        {
            if (TryOpen(lockPath, FileAccess.ReadWrite, FileShare.None) is { } alone)
            {
                // Nobody else runs on this directory now, so whose it was before does not matter.
                await using (alone)
                    await AtomicFile.WriteAsync(namePath, JsonSerializer.SerializeToUtf8Bytes(cluster, JsonSerializerOptions.Web));
            }
            if (TryOpen(lockPath, FileAccess.Read, FileShare.Read) is { } shared)
            {
                var owner = JsonSerializer.Deserialize<ClusterIdentity>(await File.ReadAllBytesAsync(namePath), JsonSerializerOptions.Web);
                if (cluster.WhyNotOf(owner, path, silo) is not { } reason)
                    return new DataDirectoryClaim(shared);
                await shared.DisposeAsync();
                throw new DataDirectoryInUseException(reason);
            }
            // Another silo starts at the same moment.
            if (attempt == AttemptsMax)
                throw new IOException($"{lockPath} is locked by another process. Stop that process, or give another --data-dir.");
            await Task.Delay(RetryPeriod);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static FileStream? TryOpen(string path, FileAccess access, FileShare share)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, access, share, bufferSize: 1);
        }
        catch (IOException e) when (FileLocks.IsHeld(e))
        {
            return null;
        }
    }
}

/// <summary>A silo of another cluster, or with other extensions, uses a data directory.</summary>
public sealed class DataDirectoryInUseException(string message) : Exception(message);
