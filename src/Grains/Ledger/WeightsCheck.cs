using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Grains.Ledger;

/// <summary>Checks the weights' hashes of a ledger: that they are where the spec wants them, agree with each other, and with the files.</summary>
internal sealed class WeightsCheck
{
    private readonly bool _everyStep;
    private readonly long _stepCount;
    private readonly LedgerFindings _findings;
    private string? _before;
    private long _lastStep;

    public WeightsCheck(RunSpec spec, long stepCount, long originStep, string initialSha256, LedgerFindings findings) =>
        (_everyStep, _stepCount, _lastStep, _before, _findings) = (spec.Ledger.Hash == LedgerHashKind.Steps, stepCount, originStep, initialSha256, findings);

    /// <summary>Steps that have a hash.</summary>
    public long Hashed { get; private set; }

    /// <summary>Takes the next line of the ledger.</summary>
    public void Take(long line, LedgerStep step)
    {
        var hash = step.WeightsSha256;
        if (hash is null && (_everyStep || step.Step == _stepCount))
            _findings.Add(line, step.Step, "the weights' SHA-256", "absent", "64 hexadecimal digits");
        if (hash is not null && !LedgerText.IsHash(hash))
            _findings.Add(line, step.Step, "the weights' SHA-256", $"'{hash}'", "64 lower-case hexadecimal digits");
        if (step.Skipped && hash is not null && _before is not null && step.Step == _lastStep + 1 && hash != _before)
            _findings.Add(line, step.Step, "the weights' SHA-256", hash, $"{_before}, that of the step before, because this one was skipped");
        Hashed += hash is null ? 0 : 1;
        // A skipped step leaves the weights as they were.
        if (hash is not null || !step.Skipped)
            _before = hash;
        _lastStep = step.Step;
    }

    /// <summary>Holds the file of the final weights, what the run says of it, and the last line against each other.</summary>
    public void End(long line, LedgerStep? last, LedgerSubject subject)
    {
        if (subject.Phase != RunPhase.Succeeded || subject.Results is not { } results)
            return;
        if (last is { WeightsSha256: { } claimed } && last.Step == _stepCount)
            _findings.Compare(line, last.Step, "the weights' SHA-256", claimed, results.WeightsSha256);
        _findings.Compare(0, 0, $"the weights' SHA-256 of {subject.ModelPath}", HashOf(subject.ModelPath), results.WeightsSha256);
    }

    private static string HashOf(string path)
    {
        try
        {
            return File.Exists(path) ? SafetensorsFile.Sha256OfFile(path) : "absent: the file does not exist";
        }
        catch (InvalidDataException e)
        {
            return $"unknown ({e.Message})";
        }
    }
}
