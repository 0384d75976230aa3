using Grpc.Core;
using VaeCluster.Contracts.Evaluations;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Contracts.V1;
using VaeCluster.Grains.Storage;
using VaeCluster.Grains.Trainers;
using Evaluation = VaeCluster.Contracts.V1.Evaluation;

namespace VaeCluster.Silo.Services;

/// <summary>Evaluations as the API has them: begun, followed, and read from the run's artifacts.</summary>
internal sealed class ModelEvaluations
{
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(250);

    private readonly IGrainFactory _grains;
    private readonly RunGrains _runs;
    private readonly RunWeights _weights;
    private readonly RunFiles _files;
    private readonly TimeProvider _time;
    private readonly StreamCancellation _streams;

    public ModelEvaluations(IGrainFactory grains, RunGrains runs, RunWeights weights, RunFiles files, TimeProvider time, StreamCancellation streams) =>
        (_grains, _runs, _weights, _files, _time, _streams) = (grains, runs, weights, files, time, streams);

    /// <exception cref="InvalidOperationException">
    /// The run has no weights of that step or no held-out examples, is being evaluated otherwise, or could not be.
    /// </exception>
    public async Task EvaluateAsync(ModelRef model, int samples, IServerStreamWriter<EvaluationProgress> stream, ServerCallContext context)
    {
        ModelBounds.CheckStep(model);
        var run = await _runs.GetAsync(model.RunId);
        var source = _weights.Find(run, model.Step);
        if (source.Plan.Data.TestExamples == 0)
            throw new InvalidOperationException(
                $"Run '{run.RunId}' holds out no examples (data.test is 0), so there is nothing to evaluate it on. Train it again with data.test above 0.");
        var isFinal = source.Path == _files.Model(run.RunId);
        var task = new EvaluationTask { Plan = source.Plan, Step = source.Step, IsFinal = isFinal, WeightsSha256 = source.WeightsSha256, Samples = samples };
        var grain = _grains.GetGrain<IEvaluationGrain>(run.RunId);
        var status = await grain.StartAsync(task);
        try
        {
            status = await FollowAsync(grain, status, stream, context);
        }
        catch (OperationCanceledException)
        {
            await grain.CancelAsync(task);
            throw;
        }
        if (status.Report is null || status.Task != task)
            throw new InvalidOperationException(status.Message.Length > 0 ? status.Message : "The evaluation was lost with its silo. Run it again.");
        await stream.WriteAsync(ProgressOf(status));
    }

    /// <summary>The run's evaluations, by step; of one step the run's own first, then by samples.</summary>
    /// <exception cref="KeyNotFoundException">There is no such run.</exception>
    /// <exception cref="Contracts.FormatVersionException">A report is of another version of the form, or of none.</exception>
    public async Task<IEnumerable<Evaluation>> ListAsync(string runId)
    {
        await _runs.GetAsync(runId);
        var folder = _files.Evaluations(runId);
        if (!Directory.Exists(folder))
            return [];
        var reports = new List<EvaluationReport>();
        foreach (var path in Directory.EnumerateFiles(folder, "*.json"))
            reports.Add(EvaluationReport.Parse(await File.ReadAllTextAsync(path), path));
        return reports.OrderBy(report => report.Step).ThenBy(report => report.Samples).Select(report => report.ToMessage());
    }

    private async Task<EvaluationStatus> FollowAsync(
        IEvaluationGrain grain,
        EvaluationStatus status,
        IServerStreamWriter<EvaluationProgress> stream,
        ServerCallContext context)
    {
        var sent = new EvaluationProgress();
        while (status.Phase is EvaluationPhase.Waiting or EvaluationPhase.Running)
        {
            var progress = ProgressOf(status);
            if (!progress.Equals(sent))
                await stream.WriteAsync(sent = progress);
            await _streams.WaitAsync(Pause(), context);
            status = await grain.GetStatusAsync();
        }
        return status;

        async Task<bool> Pause()
        {
            await Task.Delay(LookPeriod, _time);
            return true;
        }
    }

    private static EvaluationProgress ProgressOf(EvaluationStatus status) => new()
    {
        ShardsDone = status.ShardsDone,
        ShardCount = status.ShardCount,
        Devices = { status.Devices },
        Message = status.Message,
        Report = status.Report?.ToMessage(),
    };
}
