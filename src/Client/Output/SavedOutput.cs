using Grpc.Core;
using VaeCluster.Contracts.V1;
using VaeCluster.Data;

namespace VaeCluster.Client.Output;

/// <summary>Writes what a trained model made into files, and says where.</summary>
internal static class SavedOutput
{
    /// <summary>Writes the files of a plot or an image grid.</summary>
    /// <param name="invocation">Who asks.</param>
    /// <param name="pieces">What the silo sends.</param>
    /// <param name="runId">The run, after which files are named.</param>
    /// <param name="to">The file to write, or null for the default name. A plot's other file gets the same name with its own ending.</param>
    /// <param name="cancellationToken">Ends the transfer.</param>
    public static async Task<int> SavePlotAsync(
        Invocation invocation,
        AsyncServerStreamingCall<PlotChunk> pieces,
        string runId,
        string? to,
        CancellationToken cancellationToken)
    {
        using var call = pieces;
        var files = new List<(string Name, MemoryStream Content)>();
        var saved = new SavedFiles();
        await foreach (var piece in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            if (files.Count == 0 || files[^1].Name != piece.Name)
                files.Add((piece.Name, new MemoryStream()));
            files[^1].Content.Write(piece.Content.Span);
            (saved.Step, saved.Note) = (piece.Step, piece.Note);
        }
        foreach (var (name, content) in files)
            saved.Files.Add(await WriteAsync(PathOf(name, runId, to), content.ToArray(), cancellationToken));
        return Report(invocation, saved);
    }

    /// <summary>Writes a file.</summary>
    /// <returns>Its full path.</returns>
    public static async Task<string> WriteAsync(string path, byte[] content, CancellationToken cancellationToken)
    {
        var full = Path.GetFullPath(path);
        await AtomicFile.WriteAsync(full, content, cancellationToken);
        return full;
    }

    /// <summary>Says where the files are, and on the other side which weights were used.</summary>
    public static int Report(Invocation invocation, SavedFiles saved)
    {
        if (invocation.IsJson)
        {
            invocation.WriteJson(saved);
            return ExitCode.Success;
        }
        foreach (var file in saved.Files)
            invocation.WriteLine(file);
        invocation.Terminal.Error.WriteLine($"vaectl: weights of step {saved.Step}. {saved.Note}".TrimEnd());
        return ExitCode.Success;
    }

    private static string PathOf(string name, string runId, string? to)
    {
        if (to is null)
            return $"{runId}-{name}";
        // A file without an ending, or with that of the plot's other form, gets the right one.
        return Path.GetExtension(to) is ".png" or ".svg" or "" ? Path.ChangeExtension(to, Path.GetExtension(name)) : to;
    }
}
