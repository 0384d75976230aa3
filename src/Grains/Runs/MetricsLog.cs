using System.Text;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;

namespace VaeCluster.Grains.Runs;

/// <summary>
/// Makes <c>metrics.jsonl</c> from the records of steps: every so many steps one line, their mean. After a replay the steps that are
/// in the file already are left out, because they came to the same.
/// </summary>
internal sealed class MetricsLog
{
    private readonly string _path;
    private readonly int _every;
    private readonly long _stepCount;
    private readonly int _stepsPerEpoch;
    private readonly List<StepRecord> _open = [];
    private long _samples;

    /// <summary>Continues the file at a path, or begins it.</summary>
    public MetricsLog(string path, int every, long stepCount, int stepsPerEpoch)
    {
        (_path, _every, _stepCount, _stepsPerEpoch) = (path, every, stepCount, stepsPerEpoch);
        Latest = MetricsFile.Read(path).LastOrDefault();
        (WrittenStep, _samples) = (Latest?.Step ?? 0, Latest?.Samples ?? 0);
    }

    /// <summary>The step of the newest line; 0 before the first.</summary>
    public long WrittenStep { get; private set; }

    /// <summary>The newest line; null before the first.</summary>
    public MetricsLine? Latest { get; private set; }

    /// <summary>Steps that were ever left out as not finite.</summary>
    public long SkippedSteps { get; private set; }

    /// <summary>Takes records, oldest first, and writes the lines that they complete.</summary>
    public async Task AppendAsync(IEnumerable<StepRecord> records)
    {
        var lines = new StringBuilder();
        foreach (var record in records.Where(record => record.Step > WrittenStep && (_open.Count == 0 || record.Step > _open[^1].Step)))
        {
            _open.Add(record);
            if (record.Step % _every == 0 || record.Step == _stepCount)
                lines.Append(Close().ToJson()).Append('\n');
        }
        if (lines.Length == 0)
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        await File.AppendAllTextAsync(_path, lines.ToString());
    }

    private MetricsLine Close()
    {
        var losses = _open.Select(record => record.Losses).Aggregate((sum, next) => sum + next);
        var (last, seconds) = (_open[^1], _open.Sum(record => record.Seconds));
        _samples += losses.Examples;
        WrittenStep = last.Step;
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
        _open.Clear();
        return Latest;
    }
}
