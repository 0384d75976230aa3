using System.Collections.Immutable;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Grains.Evaluations;

namespace VaeCluster.Grains.Runs;

/// <summary>
/// The evaluations that the spec asks for while the run trains: the trainers report their shards, and the complete ones are written. If the run's silo is
/// lost between two trainers' reports of one step, that step's evaluation is left out; the next ones are not.
/// </summary>
internal sealed class PeriodicEvaluations(RunSession session)
{
    private readonly Dictionary<long, Dictionary<int, ShardEvaluation>> _reported = [];

    /// <summary>Takes the report of a trainer. Reporting twice is harmless.</summary>
    /// <exception cref="IOException">The data directory is not writable; the trainer reports again.</exception>
    public async Task TakeAsync(long step, ImmutableArray<ShardEvaluation> shards)
    {
        // A step that is written is done.
        var path = session.Files.Evaluation(session.RunId, step);
        if (File.Exists(path))
            return;
        var parts = _reported.GetValueOrDefault(step, []);
        _reported[step] = parts;
        foreach (var shard in shards)
            parts[shard.Shard] = shard;
        if (parts.Count < session.Schedule.Shards)
            return;
        // Trainers are a step apart at most, so whatever is older will never be complete.
        foreach (var old in _reported.Keys.Where(known => known <= step).ToList())
            _reported.Remove(old);
        var task = new EvaluationTask
        {
            Plan = session.Plan,
            Step = step,
            IsFinal = step == session.Schedule.StepCount,
            WeightsSha256 = "",
            Samples = session.Spec.Evaluation.Samples,
        };
        var report = await EvaluationReports.WriteAsync(path, task, parts.Values, session.Services.Data, session.Work.Ending);
        // It may have ended while the file was written, and then its series have ended too.
        if (session.State.Phase.IsActive())
            session.Instruments.OnEvaluated(session.RunId, report);
        session.Logger.LogEvaluated(session.RunId, step, report.Elbo, report.NegativeLogLikelihood ?? double.NaN, report.ActiveUnits);
    }
}
