using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using VaeCluster.Contracts;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data;
using VaeCluster.Grains.Storage;

namespace VaeCluster.Grains.Ledger;

/// <summary>
/// Writes <c>ledger.jsonl</c> from the records of steps, and flushes it to the disk before anybody hears of them. After a replay the steps
/// that are in the file already are left out, because they came to the same; where they did not, the run must not go on.
/// Not for use from two threads at once.
/// </summary>
internal sealed class LedgerLog
{
    private readonly string _path;
    private readonly LedgerHeader _header;
    private readonly TrainingSchedule _schedule;
    /// <summary>The step before the ledger's first. Step s stands in line s + 1 less this, because a ledger has no holes.</summary>
    private readonly long _origin;
    private long _length;

    private LedgerLog(string path, RunPlan plan)
    {
        (_path, _header, _origin) = (path, LedgerHeader.Of(plan), plan.Origin?.Step ?? 0);
        _schedule = new TrainingSchedule(RunSpecReader.ReadCanonical(plan.SpecJson), plan.Data);
    }

    /// <summary>The last step in the file; before the first, the one that the run goes on from.</summary>
    public long LastStep { get; private set; }

    /// <summary>The chain value of the last line; empty before the first.</summary>
    public string Chain { get; private set; } = "";

    /// <summary>Continues the ledger at a path, or begins it.</summary>
    /// <exception cref="LedgerException">What stands there is not a ledger of this run, or not a valid one.</exception>
    public static LedgerLog Open(string path, RunPlan plan)
    {
        var log = new LedgerLog(path, plan);
        log.Load();
        return log;
    }

    /// <summary>Takes records, oldest first, and writes those that are new.</summary>
    /// <param name="records">What was measured.</param>
    /// <param name="appliedSteps">How many steps the run has applied.</param>
    /// <returns>Null, or a sentence that says which steps are missing. Nothing after them is written: a ledger has no holes.</returns>
    /// <exception cref="LedgerException">A step came to something else than the file says.</exception>
    public string? Append(ImmutableArray<StepRecord> records, long appliedSteps)
    {
        Refresh();
        Compare([.. records.Where(record => record.Step <= LastStep)]);
        var lines = new StringBuilder();
        var (last, chain) = (LastStep, Chain);
        if (_length == 0)
            chain = Add(lines, _header, chain);
        foreach (var record in records.SkipWhile(record => record.Step <= LastStep).TakeWhile(record => record.Step == last + 1))
            (last, chain) = (record.Step, Add(lines, LedgerStep.Of(record, _schedule), chain));
        if (lines.Length > 0)
            _length = LineFile.Append(_path, _length, lines.ToString());
        (LastStep, Chain) = (last, chain);
        if (last >= appliedSteps)
            return null;
        var next = records.Where(record => record.Step > last).Select(record => record.Step).DefaultIfEmpty(appliedSteps + 1).Min();
        return $"The records of steps {last + 1} to {next - 1} are lost, so the ledger ends at step {last}. The run continues, and its "
            + "audit reports the gap; submit the run again for a complete ledger.";
    }

    private static string Add<T>(StringBuilder lines, T entry, string previousChain)
    {
        var (line, chain) = LedgerText.Write(entry, previousChain);
        lines.Append(line).Append('\n');
        return chain;
    }

    /// <summary>Holds the steps of a replay against what the file says of them.</summary>
    private void Compare(IReadOnlyList<StepRecord> records)
    {
        if (records.Count == 0)
            return;
        var lines = LineFile.Read(_path).SkipWhile(line => line.Number <= records[0].Step - _origin).GetEnumerator();
        using (lines)
        {
            foreach (var record in records)
            {
                var line = new FileLine(record.Step - _origin + 1, "", 0, IsComplete: false);
                do
                {
                    if (!lines.MoveNext())
                        throw Damaged(line, "is gone");
                    line = lines.Current;
                }
                while (line.Number <= record.Step - _origin);
                Compare(record, line);
            }
        }
    }

    private void Compare(StepRecord record, FileLine line)
    {
        var known = Parse<LedgerStep>(line);
        if (known.WeightsSha256 is { } hash && record.WeightsSha256.Length > 0 && hash != record.WeightsSha256)
            throw new LedgerException(
                $"Step {record.Step} was computed again and gave weights with SHA-256 {record.WeightsSha256}; line {line.Number} of "
                    + $"{_path} says {hash}. Either the ledger was changed, or a device does not compute the same bits twice; check both.");
        if (known.Skipped != record.Skipped)
            throw new LedgerException(
                $"Step {record.Step} was computed again and was {(record.Skipped ? "skipped" : "applied")}; line {line.Number} of {_path} "
                    + "says the opposite. Either the ledger was changed, or a device does not compute the same bits twice; check both.");
    }

    /// <summary>Another activation of the run may have gone on with the file, and a write of ours may have failed halfway.</summary>
    private void Refresh()
    {
        if (LineFile.LengthOf(_path) == _length)
            return;
        var known = LastStep;
        Load();
        if (LastStep < known)
            throw new LedgerException($"{_path} ends at step {LastStep}; it held step {known} before. Another program truncated it during the run.");
    }

    private void Load()
    {
        (_length, LastStep, Chain) = (0, _origin, "");
        foreach (var line in LineFile.Read(_path))
        {
            // A writer died in the midst of it. Nobody heard of its step, which comes again.
            if (!line.IsComplete)
                break;
            if (LedgerText.Split(line.Text) is not { } parts || LedgerText.ChainOf(Chain, parts.Body) != parts.Chain)
                throw Damaged(line, "was changed: its chain value does not match it and the lines before");
            if (line.Number == 1)
                CheckHeader(line, parts.Body);
            else if (Parse<LedgerStep>(line).Step != _origin + line.Number - 1)
                throw Damaged(line, $"does not hold step {_origin + line.Number - 1}");
            (_length, LastStep, Chain) = (line.EndsAt, _origin + line.Number - 1, parts.Chain);
        }
    }

    private void CheckHeader(FileLine line, string body)
    {
        try
        {
            FormatVersionException.ThrowUnless(_path, LedgerText.VersionOf(body), LedgerHeader.CurrentVersion);
        }
        catch (FormatVersionException e)
        {
            throw new LedgerException(e.Message, e);
        }
        catch (JsonException e)
        {
            throw new LedgerException(Damaged(line, "cannot be read").Message, e);
        }
        if (Parse<LedgerHeader>(line) != _header)
            throw Damaged(line, "describes another run, or other data");
    }

    private T Parse<T>(FileLine line)
    {
        try
        {
            return LedgerText.Read<T>(LedgerText.Split(line.Text)?.Body ?? line.Text);
        }
        catch (JsonException e)
        {
            throw new LedgerException(Damaged(line, "cannot be read").Message, e);
        }
    }

    private LedgerException Damaged(FileLine line, string error) =>
        new(
            $"Line {line.Number} of {_path} {error}. The run cannot continue an invalid ledger. "
            + $"`vaectl audit {_header.RunId}` lists what is wrong; submit the run again.");
}
