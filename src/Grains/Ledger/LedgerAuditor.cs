using System.Text.Json;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data;
using VaeCluster.Grains.Storage;

namespace VaeCluster.Grains.Ledger;

/// <summary>
/// Checks a run's ledger against all that follows from the run's spec and data. The chain of hashes reveals every change by somebody who did
/// not compute it anew; of one who did, the chain value in the run's results reveals it, and so do the final weights. Whoever can write
/// all of these files can make them agree, except in what follows from spec and data: ranges, epochs, and the weights themselves.
/// </summary>
public static class LedgerAuditor
{
    /// <summary>Checks it. Reads the whole ledger and the final weights, so it may take a while.</summary>
    public static LedgerAudit Audit(LedgerSubject subject, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(subject);
        var pass = new Pass(subject);
        foreach (var line in LineFile.Read(subject.LedgerPath))
        {
            cancellationToken.ThrowIfCancellationRequested();
            pass.Take(line);
        }
        return pass.End();
    }

    /// <summary>One reading of the file, line after line.</summary>
    private sealed class Pass
    {
        private readonly LedgerSubject _subject;
        private readonly TrainingSchedule _schedule;
        private readonly LedgerHeader _header;
        private readonly LedgerFindings _findings = new();
        private readonly StepCheck _steps;
        private readonly EpochCheck _epochs;
        private readonly WeightsCheck _weights;
        private readonly CheckpointsCheck _checkpoints;
        private readonly long _origin;
        private string _chain = "";
        private long _stepLines;
        private (long Line, LedgerStep? Step) _last;

        /// <summary>The highest step so far.</summary>
        private long _reached;

        public Pass(LedgerSubject subject)
        {
            var spec = RunSpecReader.ReadCanonical(subject.Plan.SpecJson);
            (_subject, _schedule, _header) = (subject, new TrainingSchedule(spec, subject.Plan.Data), LedgerHeader.Of(subject.Plan));
            _checkpoints = new CheckpointsCheck(subject.CheckpointsPath, _findings);
            _steps = new StepCheck(_schedule, _findings);
            _origin = subject.Plan.Origin?.Step ?? 0;
            _reached = _origin;
            _epochs = new EpochCheck(spec.Seed, subject.Plan.Data.TrainExamples, _schedule, _origin, _findings);
            _weights = new WeightsCheck(spec, _schedule.StepCount, _origin, _header.InitialWeightsSha256, _findings);
        }

        public void Take(FileLine line)
        {
            if (!line.IsComplete)
            {
                // While the run goes on this is a line that is being written.
                if (_subject.Phase.IsFinal())
                    _findings.Add(line.Number, 0, "the end of the line", "missing: the line is truncated", "a complete line");
                return;
            }
            if (LedgerText.Split(line.Text) is not { } parts)
            {
                _findings.Add(line.Number, 0, "the end of the line", Excerpt(line.Text), "a chain value of 64 lower-case hexadecimal digits");
                return;
            }
            var header = line.Number == 1 ? Read<LedgerHeader>(line, parts.Body, "the description of the run") : null;
            var step = line.Number == 1 ? null : Read<LedgerStep>(line, parts.Body, "the entry of a step");
            // A line is held against the value that the line before states, so a changed line is one finding and not one for each line after it.
            _findings.Compare(line.Number, step?.Step ?? 0, "the chain value", parts.Chain, LedgerText.ChainOf(_chain, parts.Body));
            _chain = parts.Chain;
            if (header is not null)
                CheckHeader(header);
            if (step is not null)
                Take(line.Number, step);
        }

        public LedgerAudit End()
        {
            if (!File.Exists(_subject.LedgerPath) && _subject.AppliedSteps > 0)
                _findings.Add(0, 0, _subject.LedgerPath, "absent", $"the ledger of {_subject.AppliedSteps} steps");
            else if (_reached < _subject.AppliedSteps)
                _findings.Add(0, 0, "the last step of the ledger", $"{_reached}", $"{_subject.AppliedSteps}, which the run has applied");
            _epochs.End();
            _weights.End(_last.Line, _last.Step, _subject);
            if (_subject.Results is { LedgerChain.Length: > 0 } results && results.LedgerChain != _chain)
                _findings.Add(0, 0, "the chain value of the last line", _chain.Length == 0 ? "absent" : _chain,
                    $"{results.LedgerChain}, which the run ended with");
            return new()
            {
                Steps = _stepLines,
                StepCount = _schedule.StepCount,
                EpochsProven = _epochs.Proven,
                EpochCount = _schedule.Epochs,
                Examples = _subject.Plan.Data.TrainExamples,
                HashedSteps = _weights.Hashed,
                ShardsByDevice = _steps.ShardsByDevice,
                Findings = _findings.Kept,
                FindingsLeftOut = _findings.LeftOut,
            };
        }

        private T? Read<T>(FileLine line, string body, string expected)
            where T : class
        {
            try
            {
                return LedgerText.Read<T>(body);
            }
            catch (JsonException e)
            {
                _findings.Add(line.Number, 0, "the line", $"not readable ({e.Message})", expected);
                return null;
            }
        }

        private void CheckHeader(LedgerHeader found)
        {
            _findings.Compare(1, 0, "the version", found.Version, _header.Version);
            _findings.Compare(1, 0, "the run", found.RunId, _header.RunId);
            _findings.Compare(1, 0, "the spec's SHA-256", found.SpecSha256, _header.SpecSha256);
            _findings.Compare(1, 0, "the description of the data", found.Data, _header.Data);
            _findings.Compare(1, 0, "the number of shards", found.Shards, _header.Shards);
            _findings.Compare(1, 0, "the batch", found.Batch, _header.Batch);
            _findings.Compare(1, 0, "the number of local steps", found.LocalSteps ?? 1, _header.LocalSteps ?? 1);
            _findings.Compare(1, 0, "the number of steps", found.Steps, _header.Steps);
            _findings.Compare(1, 0, "the run that it continues", found.OriginRun ?? "none", _header.OriginRun ?? "none");
            _findings.Compare(1, 0, "the step that it continues from", found.OriginStep ?? 0, _header.OriginStep ?? 0);
            _findings.Compare(1, 0, "the initial weights' SHA-256", found.InitialWeightsSha256, _header.InitialWeightsSha256);
        }

        private void Take(long line, LedgerStep step)
        {
            _stepLines++;
            CheckOrder(line, step.Step);
            if (step.Step <= _origin || step.Step > _schedule.StepCount)
                return;
            _steps.Take(line, step);
            _epochs.Take(line, step);
            _weights.Take(line, step);
            _checkpoints.Take(line, step);
            _last = (line, step);
        }

        private void CheckOrder(long line, long step)
        {
            if (step > _schedule.StepCount || step <= _origin)
                _findings.Add(line, step, "the step", $"{step}", $"one of {_origin + 1} to {_schedule.StepCount}, which the run takes");
            else if (step <= _reached)
                _findings.Add(line, step, "the step", $"{step}, repeated or out of order", $"{_reached + 1}");
            else if (step > _reached + 1)
                _findings.Add(line, step, "the step", $"{step}, so that {step - _reached - 1} are missing from step {_reached + 1} on", $"{_reached + 1}");
            if (step <= _schedule.StepCount)
                _reached = Math.Max(_reached, step);
        }

        private static string Excerpt(string text) => text.Length <= 40 ? $"'{text}'" : $"'...{text[^40..]}'";
    }
}
