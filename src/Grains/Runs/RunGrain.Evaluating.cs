using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Grains.Storage;
using VaeCluster.Training.Evaluation;

namespace VaeCluster.Grains.Runs;

/// <summary>Evaluations that the spec asks for while the run trains: the trainers judge their shards, the run puts the parts together.</summary>
public sealed partial class RunGrain
{
    // Memory only. If the run's silo is lost between two trainers' reports of one step, that step's evaluation is left out; the next ones are not.
    private readonly Dictionary<long, Dictionary<int, ShardEvaluation>> _evaluations = [];

    /// <inheritdoc/>
    public async Task ReportEvaluationAsync(long step, ImmutableArray<ShardEvaluation> shards)
    {
        // A run that has ended or was paused meanwhile has no use for it, and a step that is written is done.
        if (!State.Phase.IsActive() || _schedule is null || File.Exists(_files.Evaluation(RunId, step)))
            return;
        var parts = _evaluations.GetValueOrDefault(step, []);
        _evaluations[step] = parts;
        foreach (var shard in shards)
            parts[shard.Shard] = shard;
        if (parts.Count < _schedule.Shards)
            return;
        // Trainers are a step apart at most, so whatever is older will never be whole.
        foreach (var old in _evaluations.Keys.Where(known => known <= step).ToList())
            _evaluations.Remove(old);
        var task = new EvaluationTask { Plan = State.Plan!, Step = step, IsFinal = step == _schedule.StepCount, WeightsSha256 = "", Samples = _spec!.Evaluation.Samples };
        var report = await Task.Run(() => EvaluationSummary.Of(task, parts.Values));
        await RunFiles.WriteAsync(_files.Evaluation(RunId, step), System.Text.Encoding.UTF8.GetBytes(report.ToJson()));
        // It may have ended while the file was written, and then its series have ended too.
        if (State.Phase.IsActive())
            _instruments.OnEvaluated(RunId, report);
        LogEvaluated(RunId, step, report.Elbo, report.NegativeLogLikelihood ?? double.NaN, report.ActiveUnits);
    }

    [LoggerMessage(20, LogLevel.Information, "Run {RunId} was evaluated at step {Step}: ELBO {Elbo:F2}, negative log-likelihood {NegativeLogLikelihood:F2}, {ActiveUnits} active units.")]
    private partial void LogEvaluated(string runId, long step, double elbo, double negativeLogLikelihood, int activeUnits);
}
