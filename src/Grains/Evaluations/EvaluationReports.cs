using System.Text;
using VaeCluster.Contracts.Evaluations;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Data;
using VaeCluster.Training.Evaluation;

namespace VaeCluster.Grains.Evaluations;

/// <summary>The last step of every evaluation: one report of its shards, written into the run's artifacts.</summary>
internal static class EvaluationReports
{
    /// <summary>Writes the report of an evaluation. Takes as long as the aggregate posterior does: the square of the examples.</summary>
    /// <param name="path">The file.</param>
    /// <param name="task">What was evaluated.</param>
    /// <param name="shards">Every shard of it.</param>
    /// <param name="access">What the data may use; without bounds when null.</param>
    /// <param name="cancellationToken">Ends it before the file is in its place.</param>
    /// <exception cref="IOException">The data directory is not writable.</exception>
    public static async Task<EvaluationReport> WriteAsync(
        string path,
        EvaluationTask task,
        IReadOnlyCollection<ShardEvaluation> shards,
        DataAccess? access,
        CancellationToken cancellationToken)
    {
        var report = await Task.Run(() => EvaluationSummary.Of(task, shards, access), cancellationToken);
        await AtomicFile.WriteAsync(path, Encoding.UTF8.GetBytes(report.ToJson()), cancellationToken);
        return report;
    }
}
