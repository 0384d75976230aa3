using VaeCluster.Parameters.Checkpoints;
using VaeCluster.Parameters.Vectors;


namespace VaeCluster.Grains.Ledger;

/// <summary>Holds the checkpoints that are still there against the weights' hashes that the ledger states for their steps.</summary>
internal sealed class CheckpointsCheck
{
    private readonly string _path;
    private readonly HashSet<long> _steps;
    private readonly LedgerFindings _findings;

    public CheckpointsCheck(string path, LedgerFindings findings) =>
        (_path, _steps, _findings) = (path, [.. CheckpointFolder.StepsIn(path)], findings);

    /// <summary>Takes the next line of the ledger.</summary>
    public void Take(long line, LedgerStep step)
    {
        if (step.WeightsSha256 is not { } claimed || !_steps.Contains(step.Step))
            return;
        var file = CheckpointFolder.ModelOf(_path, step.Step);
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
