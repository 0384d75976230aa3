using System.Globalization;
using VaeCluster.Training.Parameters;

namespace VaeCluster.Grains.Ledger;

/// <summary>Holds the checkpoints that are still there against the weights' hashes that the ledger states for their steps.</summary>
internal sealed class CheckpointsCheck
{
    private readonly string _path;
    private readonly HashSet<string> _folders;
    private readonly LedgerFindings _findings;

    public CheckpointsCheck(string path, LedgerFindings findings)
    {
        (_path, _findings) = (path, findings);
        _folders = Directory.Exists(path) ? [.. Directory.EnumerateDirectories(path).Select(folder => Path.GetFileName(folder)!)] : [];
    }

    /// <summary>Takes the next line of the ledger.</summary>
    public void Take(long line, LedgerStep step)
    {
        var name = step.Step.ToString(CultureInfo.InvariantCulture);
        if (step.WeightsSha256 is not { } claimed || !_folders.Contains(name))
            return;
        var file = Path.Combine(_path, name, "model.safetensors");
        try
        {
            _findings.Compare(line, step.Step, $"the weights' SHA-256 of {file}", SafetensorsFile.Sha256OfFile(file), claimed);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // A run that goes on removes its older checkpoints meanwhile.
        }
        catch (InvalidDataException e)
        {
            _findings.Add(line, step.Step, $"the weights' SHA-256 of {file}", $"unknown ({e.Message})", claimed);
        }
    }
}
