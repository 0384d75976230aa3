using System.Runtime.CompilerServices;
using VaeCluster.Contracts.Evaluations;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Grains.Storage;
using VaeCluster.Grains.Trainers;

namespace VaeCluster.Grains.Evaluations;

/// <summary>Evaluations on request: started, followed, and read from the run's artifacts.</summary>
public sealed class ModelEvaluations
{
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(250);

    private readonly IGrainFactory _grains;
    private readonly RunWeights _weights;
    private readonly RunFiles _files;
    private readonly TimeProvider _time;

    /// <summary>For the container.</summary>
    public ModelEvaluations(IGrainFactory grains, RunWeights weights, RunFiles files, TimeProvider time)
    {
        _grains = grains;
        _weights = weights;
        _files = files;
        _time = time;
    }

    /// <summary>What is to be evaluated.</summary>
    /// <param name="run">The run.</param>
    /// <param name="step">Whose weights; 0 takes the newest.</param>
    /// <param name="samples">Importance samples per example; 0 leaves the likelihood out.</param>
    /// <exception cref="InvalidOperationException">The run has no weights of that step, or no held-out examples.</exception>
    public EvaluationTask TaskOf(RunSnapshot run, long step, int samples)
    {
        ArgumentNullException.ThrowIfNull(run);
        var source = _weights.Find(run, step);
        if (source.Plan.Data.TestExamples == 0)
            throw new InvalidOperationException(
                $"Run '{run.RunId}' holds out no examples (data.test is 0), so there is nothing to evaluate it on. Train it again with data.test above 0.");
        var isFinal = source.Path == _files.Model(run.RunId);
        return new() { Plan = source.Plan, Step = source.Step, IsFinal = isFinal, WeightsSha256 = source.WeightsSha256, Samples = samples };
    }

    /// <summary>
    /// Starts an evaluation, or joins the one that is under way, and reports how far it is until it has ended. The last status has the report.
    /// </summary>
    /// <param name="task">What is evaluated.</param>
    /// <param name="cancellationToken">Ends the reports, not the evaluation.</param>
    /// <exception cref="InvalidOperationException">The run is being evaluated otherwise, or could not be.</exception>
    public IAsyncEnumerable<EvaluationStatus> RunAsync(EvaluationTask task, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        return FollowAsync(GrainOf(task), task, cancellationToken);
    }

    /// <summary>Ends an evaluation that is under way.</summary>
    public Task CancelAsync(EvaluationTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return GrainOf(task).CancelAsync(task);
    }

    /// <summary>The run's evaluations, by step; of one step the run's own first, then by samples.</summary>
    /// <exception cref="Contracts.FormatVersionException">A report is of another version of the form, or of none.</exception>
    public async Task<IReadOnlyList<EvaluationReport>> ListAsync(string runId, CancellationToken cancellationToken)
    {
        var folder = _files.Evaluations(runId);
        if (!Directory.Exists(folder))
            return [];
        var reports = new List<EvaluationReport>();
        foreach (var path in Directory.EnumerateFiles(folder, "*.json"))
            reports.Add(EvaluationReport.Parse(await File.ReadAllTextAsync(path, cancellationToken), path));
        return [.. reports.OrderBy(report => report.Step).ThenBy(report => report.Samples)];
    }

    private async IAsyncEnumerable<EvaluationStatus> FollowAsync(
        IEvaluationGrain grain,
        EvaluationTask task,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var status = await grain.StartAsync(task);
        while (status.Phase is EvaluationPhase.Waiting or EvaluationPhase.Running)
        {
            yield return status;
            await Task.Delay(PollPeriod, _time, cancellationToken);
            status = await grain.GetStatusAsync();
        }
        if (status.Report is null || status.Task != task)
            throw new InvalidOperationException(status.Message.Length > 0 ? status.Message : "The evaluation was lost with its silo. Run it again.");
        yield return status;
    }

    private IEvaluationGrain GrainOf(EvaluationTask task) => _grains.GetGrain<IEvaluationGrain>(task.Plan.RunId);
}
