using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Grains.Storage;

namespace VaeCluster.Grains.Runs;

/// <summary>
/// Makes <c>metrics.jsonl</c> from the records of steps: every so many steps one line, their mean. After a replay the steps that are
/// in the file already are left out, because they came to the same. Lines that could not be written are kept and written with the next.
/// </summary>
internal sealed class MetricsLog
{
    private readonly string _path;
    private readonly int _every;
    private readonly long _stepCount;
    private readonly int _stepsPerEpoch;
    private readonly List<StepRecord> _open = [];
    private readonly List<MetricsLine> _unwritten = [];
    private long _length;
    private long _takenStep;
    private long _samples;

    /// <summary>Continues the file at a path, or begins it.</summary>
    public MetricsLog(string path, int every, long stepCount, int stepsPerEpoch)
    {
        (_path, _every, _stepCount, _stepsPerEpoch) = (path, every, stepCount, stepsPerEpoch);
        Load();
    }

    /// <summary>The step of the newest line that is in the file; 0 before the first.</summary>
    public long WrittenStep { get; private set; }

    /// <summary>The newest line; null before the first.</summary>
    public MetricsLine? Latest { get; private set; }

    /// <summary>Steps that were ever left out as not finite.</summary>
    public long SkippedSteps { get; private set; }

    /// <summary>Takes records, oldest first, and writes the lines that they complete.</summary>
    /// <exception cref="IOException">The disk does not take them. Nothing is lost: the next call writes them too.</exception>
    public Task AppendAsync(IEnumerable<StepRecord> records)
    {
        foreach (var record in records.Where(record => record.Step > _takenStep))
        {
            _open.Add(record);
            _takenStep = record.Step;
            if (record.Step % _every == 0 || record.Step == _stepCount)
                Close();
        }
        return _unwritten.Count == 0 ? Task.CompletedTask : Task.Run(Write);
    }

    private void Write()
    {
        // A write of ours failed halfway, or another activation of the run went on with the file: what is there counts.
        if (LineFile.LengthOf(_path) != _length)
            Load();
        if (_unwritten.Count == 0)
            return;
        _length = LineFile.Append(_path, _length, string.Concat(_unwritten.Select(line => line.ToJson() + "\n")));
        WrittenStep = _unwritten[^1].Step;
        _unwritten.Clear();
    }

    private void Load()
    {
        (_length, WrittenStep, var skipped) = (0, 0, 0L);
        var newest = default(MetricsLine);
        foreach (var line in LineFile.Read(_path).Where(line => line.IsComplete))
        {
            newest = MetricsLine.Parse(line.Text);
            (_length, WrittenStep, skipped) = (line.EndsAt, newest.Step, skipped + newest.SkippedSteps);
        }
        _unwritten.RemoveAll(line => line.Step <= WrittenStep);
        _open.RemoveAll(record => record.Step <= WrittenStep);
        SkippedSteps = skipped + _unwritten.Sum(line => line.SkippedSteps);
        _takenStep = Math.Max(_takenStep, WrittenStep);
        if (_unwritten.Count > 0)
            return;
        (Latest, _samples) = (newest, newest?.Samples ?? 0);
    }

    private void Close()
    {
        var losses = _open.Select(record => record.Losses).Aggregate((sum, next) => sum + next);
        var (last, seconds) = (_open[^1], _open.Sum(record => record.Seconds));
        _samples += losses.Examples;
        var skipped = _open.Count(record => record.Skipped);
        SkippedSteps += skipped;
        var (reconstruction, kl) = (losses.Reconstruction / losses.Examples, losses.Kl / losses.Examples);
        Latest = new MetricsLine
        {
            Step = last.Step,
            Epoch = (int)((last.Step - 1) / _stepsPerEpoch) + 1,
            Elbo = -(reconstruction + kl),
            Reconstruction = reconstruction,
            Kl = kl,
            Beta = last.Beta,
            LearningRate = last.LearningRate,
            GradientNorm = last.GradientNorm,
            Samples = _samples,
            SamplesPerSecond = losses.Examples / Math.Max(seconds, 1e-9),
            StepSeconds = seconds / _open.Count,
            SkippedSteps = skipped,
        };
        _unwritten.Add(Latest);
        _open.Clear();
    }
}
