using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VaeCluster.Contracts.Cluster;
using VaeCluster.Contracts.Evaluations;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Grains.Runs;
using VaeCluster.Grains.Storage;
using VaeCluster.Training.Evaluation;

namespace VaeCluster.Grains.Evaluations;

/// <summary>
/// Judges the models of one run; the key is its id. A task is divided into the run's data shards. Each device that the cluster lends takes one shard
/// after the other until none is left, so a device that comes later helps and one that is lost costs its shard's time. Nothing survives
/// deactivation but the report in the run's artifacts.
/// </summary>
public sealed partial class EvaluationGrain : Grain, IEvaluationGrain
{
    /// <summary>How often a shard is tried again on another device before the evaluation is given up.</summary>
    private const int AttemptsMax = 5;

    private readonly RunOptions _options;
    private readonly RunFiles _files;
    private readonly RunWeights _weights;
    private readonly ILocalSiloDetails _silo;
    private readonly TimeProvider _time;
    private readonly ILogger<EvaluationGrain> _logger;

    // Memory only.
    private EvaluationStatus _status = new();
    private bool _isCancelled;

    /// <summary>For the runtime.</summary>
    public EvaluationGrain(IOptions<RunOptions> options, RunFiles files, RunWeights weights, ILocalSiloDetails silo, TimeProvider time, ILogger<EvaluationGrain> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _files, _weights, _silo, _time, _logger) = (options.Value, files, weights, silo, time, logger);
    }

    private string RunId => this.GetPrimaryKeyString();

    /// <summary>Under this name the cluster's book lends the devices: it is no run's id, so nobody wakes or lists it.</summary>
    private string Borrower => $"{RunId}/evaluation";

    private bool IsBusy => _status.Phase is EvaluationPhase.Waiting or EvaluationPhase.Running;

    private IClusterGrain Cluster => GrainFactory.GetGrain<IClusterGrain>(IClusterGrain.TheKey);

    /// <inheritdoc/>
    public Task<EvaluationStatus> StartAsync(EvaluationTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (IsBusy && _status.Task != task)
            throw new InvalidOperationException($"Run '{RunId}' is being evaluated at step {_status.Task!.Step} with {_status.Task.Samples} samples; wait for the end of that.");
        if (IsBusy)
            return Task.FromResult(_status);
        var spec = RunSpecReader.ReadCanonical(task.Plan.SpecJson);
        _isCancelled = false;
        _status = new() { Phase = EvaluationPhase.Waiting, Task = task, ShardCount = spec.Training.Shards, Message = "It asks for devices." };
        // On this grain's own scheduler, as a run's finish: the calls in between are answered meanwhile.
        _ = RunAsync(task, spec);
        return Task.FromResult(_status);
    }

    /// <inheritdoc/>
    public Task<EvaluationStatus> GetStatusAsync() => Task.FromResult(_status);

    /// <inheritdoc/>
    public Task CancelAsync(EvaluationTask task)
    {
        _isCancelled |= _status.Task == task;
        return Task.CompletedTask;
    }

    private async Task RunAsync(EvaluationTask task, RunSpec spec)
    {
        // It may take longer than an activation lives that nobody calls.
        using var alive = this.RegisterGrainTimer(_ => Task.CompletedTask, new GrainTimerCreationOptions(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)) { KeepAlive = true });
        try
        {
            await Task.Run(() => _weights.Hold(task));
            var parts = await JudgeAsync(task, spec);
            var report = await Task.Run(() => EvaluationSummary.Of(task, parts));
            await RunFiles.WriteAsync(_files.Evaluation(RunId, task.Step, task.Samples), Encoding.UTF8.GetBytes(report.ToJson()));
            _status = _status with { Phase = EvaluationPhase.Done, Report = report, Message = "" };
        }
        catch (Exception e)
        {
            // Nobody awaits this task: whoever asked reads the sentence from the status.
            LogFailed(e, RunId, task.Step);
            _status = _status with { Phase = EvaluationPhase.Failed, Message = e.Message, Devices = [] };
        }
        await GiveBackAsync(task);
    }

    /// <summary>What every shard came to.</summary>
    private async Task<IReadOnlyCollection<ShardEvaluation>> JudgeAsync(EvaluationTask task, RunSpec spec)
    {
        var left = new Queue<int>(Enumerable.Range(0, spec.Training.Shards));
        var attempts = new int[spec.Training.Shards];
        var working = new Dictionary<string, (int Shard, Task<ShardEvaluation> Call)>(StringComparer.Ordinal);
        var done = new List<ShardEvaluation>();
        var loan = Loan(spec);
        while (done.Count < spec.Training.Shards)
        {
            if (_isCancelled)
                throw new OperationCanceledException("The evaluation was cancelled.");
            var devices = await BorrowAsync(loan);
            // What is gone may never answer; another device takes its shard.
            foreach (var gone in working.Keys.Except(devices).ToList())
            {
                left.Enqueue(working[gone].Shard);
                working.Remove(gone);
            }
            foreach (var device in devices.Where(device => !working.ContainsKey(device)))
            {
                if (left.TryDequeue(out var shard))
                    working[device] = (shard, GrainFactory.GetGrain<ITrainerGrain>(device).JudgeAsync(task, shard));
            }
            await Task.WhenAny([.. working.Values.Select(work => (Task)work.Call), Task.Delay(_options.TrainerCheckPeriod, _time)]);
            foreach (var (device, (shard, call)) in working.Where(work => work.Value.Call.IsCompleted).ToList())
            {
                working.Remove(device);
                if (await TakeAsync(call, device) is { } part)
                    done.Add(part);
                else if (++attempts[shard] < AttemptsMax)
                    left.Enqueue(shard);
                else
                    throw new InvalidOperationException($"Shard {shard} could not be judged in {AttemptsMax} tries: {call.Exception!.GetBaseException().Message}");
                _status = _status with { ShardsDone = done.Count };
            }
        }
        return done;
    }

    /// <summary>The result of a call; null when it failed, which another device or another try may mend.</summary>
    private async Task<ShardEvaluation?> TakeAsync(Task<ShardEvaluation> call, string device)
    {
        try
        {
            return await call;
        }
        catch (Exception e) when (e is TimeoutException or OrleansException or InvalidOperationException)
        {
            LogShardLost(e, RunId, device);
            await Task.Delay(_options.TrainerCheckPeriod, _time);
            return null;
        }
    }

    /// <summary>Devices from the cluster's book: no more than shards.</summary>
    private async Task<ImmutableArray<string>> BorrowAsync(DeviceLoan loan)
    {
        await loan.RenewAsync();
        _status = _status with
        {
            Phase = loan.Devices.Length == 0 ? EvaluationPhase.Waiting : EvaluationPhase.Running,
            Devices = loan.Devices,
            Message = loan.Message,
        };
        return loan.Devices;
    }

    private DeviceLoan Loan(RunSpec spec) => new(
        Cluster,
        new DeviceRequest
        {
            RunId = Borrower,
            Min = 1,
            Max = spec.Training.Shards,
            Kind = spec.Resources.Device,
            Held = [],
            Silo = _silo.Name,
            Borrower = "evaluation",
        },
        _options.AnswerPatience,
        _time,
        _logger);

    private async Task GiveBackAsync(EvaluationTask task)
    {
        try
        {
            await Task.Run(() => _weights.LetGo(task));
            await Cluster.CloseRunAsync(Borrower, RunPhase.Succeeded);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException or IOException or UnauthorizedAccessException)
        {
            // The book takes the devices back by itself from whoever falls silent, and a file that stays is written over by the next evaluation.
            LogNotGivenBack(e, RunId);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Run {RunId} could not be evaluated at step {Step}.")]
    private partial void LogFailed(Exception e, string runId, long step);

    [LoggerMessage(2, LogLevel.Warning, "The evaluation of run {RunId} lost a shard on {Device}; it is judged again.")]
    private partial void LogShardLost(Exception e, string runId, string device);

    [LoggerMessage(3, LogLevel.Warning, "The evaluation of run {RunId} could not give back all that it had.")]
    private partial void LogNotGivenBack(Exception e, string runId);
}
