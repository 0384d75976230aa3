using VaeCluster.Contracts.V1;
using VaeCluster.Data;

namespace VaeCluster.Client;

/// <summary>Copies files of runs to this machine.</summary>
internal static class ArtifactFile
{
    /// <summary>Copies one file under its own name, and says where it is.</summary>
    /// <exception cref="IOException">It cannot be written, or its name leads out of the folder.</exception>
    public static Task SaveAsync(
        Invocation invocation,
        VaeClusterClient client,
        string runId,
        string name,
        string folder,
        CancellationToken cancellationToken) =>
        SaveAsync(invocation, client, runId, name, name, folder, cancellationToken);

    /// <summary>Copies one file under another name, and says where it is.</summary>
    /// <exception cref="IOException">It cannot be written, or its new name leads out of the folder.</exception>
    public static async Task SaveAsync(
        Invocation invocation,
        VaeClusterClient client,
        string runId,
        string name,
        string newName,
        string folder,
        CancellationToken cancellationToken)
    {
        var root = Path.GetFullPath(folder);
        var path = Path.GetFullPath(Path.Combine(root, newName));
        if (!path.StartsWith(Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new IOException($"The file '{newName}' would be written outside {root}; it is not written.");
        await AtomicFile.WriteAsync(path, file => client.DownloadAsync(runId, name, file, cancellationToken));
        if (invocation.IsJson)
            invocation.WriteJson(new Artifact { Name = path, SizeBytes = new FileInfo(path).Length });
        else
            invocation.WriteLine(path);
    }
}
