using VaeCluster.Contracts.V1;

namespace VaeCluster.Client;

/// <summary>Copies files of runs to this machine.</summary>
internal static class ArtifactFile
{
    /// <summary>Copies one file under its own name, and says where it is.</summary>
    /// <exception cref="IOException">It cannot be written, or its name leads out of the folder.</exception>
    public static Task SaveAsync(Invocation invocation, VaeClusterClient client, string runId, string name, string folder, CancellationToken cancellation) =>
        SaveAsync(invocation, client, runId, name, name, folder, cancellation);

    /// <summary>Copies one file under another name, and says where it is.</summary>
    /// <exception cref="IOException">It cannot be written, or its new name leads out of the folder.</exception>
    public static async Task SaveAsync(Invocation invocation, VaeClusterClient client, string runId, string name, string newName, string folder, CancellationToken cancellation)
    {
        var root = Path.GetFullPath(folder);
        var path = Path.GetFullPath(Path.Combine(root, newName));
        if (!path.StartsWith(Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new IOException($"The file '{newName}' would be written outside of {root}; it was left out.");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var beside = path + ".partial";
        try
        {
            await using (var file = File.Create(beside))
                await client.DownloadAsync(runId, name, file, cancellation);
            File.Move(beside, path, overwrite: true);
        }
        finally
        {
            File.Delete(beside); // Half a file is of no use; after the move there is none.
        }
        if (invocation.IsJson)
            invocation.WriteJson(new Artifact { Name = path, SizeBytes = new FileInfo(path).Length });
        else
            invocation.WriteLine(path);
    }
}
