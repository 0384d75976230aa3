using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VaeCluster.Contracts.Cluster;
using VaeCluster.Contracts.Evaluations;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Grains.Cluster;
using VaeCluster.Grains.Liveness;
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

    private readonly LivenessOptions _liveness;
    private readonly RunFiles _files;
    private readonly RunWeights _weights;
    private readonly ILocalSiloDetails _silo;
    private readonly TimeProvider _time;
    private readonly ILogger<EvaluationGrain> _logger;

    // Memory only.
    private EvaluationStatus _status = new();
    private bool _isCancelled;

    /// <summary>The evaluation that is under way; it ends with the activation.</summary>
    private readonly BackgroundWork _work = new();

    /// <summary>For the runtime.</summary>
    public EvaluationGrain(IOptions<LivenessOptions> liveness, RunFiles files, RunWeights weights, ILocalSiloDetails silo, TimeProvider time, ILogger<EvaluationGrain> logger)
    {
        ArgumentNullException.ThrowIfNull(liveness);
        _liveness = liveness.Value;
        _files = files;
        _weights = weights;
        _silo = silo;
        _time = time;
        _logger = logger;
    }

    private string RunId => this.GetPrimaryKeyString();

    /// <summary>Under this name the cluster's book lends the devices: it is no run's id, so nobody wakes or lists it.</summary>
    private string Borrower => $"{RunId}/evaluation";

    private bool IsBusy => _status.Phase is EvaluationPhase.Waiting or EvaluationPhase.Running;

    private IClusterGrain Cluster => GrainFactory.GetGrain<IClusterGrain>(IClusterGrain.TheKey);

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _work.EndAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<EvaluationStatus> StartAsync(EvaluationTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (IsBusy && _status.Task != task)
            return Task.FromResult(new EvaluationStatus { Phase = EvaluationPhase.Failed, Task = task, Message = $"Run '{RunId}' is being evaluated at step {_status.Task!.Step} with {_status.Task.Samples} samples; wait for the end of that." });
        if (IsBusy)
            return Task.FromResult(_status);
        var spec = RunSpecReader.ReadCanonical(task.Plan.SpecJson);
        _isCancelled = false;
        _status = new() { Phase = EvaluationPhase.Waiting, Task = task, ShardCount = spec.Training.Shards, Message = "It asks for devices." };
        // On this grain's own scheduler, as a run's finish: the calls in between are answered meanwhile.
        _ = _work.Start(ending => RunAsync(task, spec, ending));
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

    private async Task RunAsync(EvaluationTask task, RunSpec spec, CancellationToken ending)
    {
        var lease = new DeviceLease(Cluster, RequestOf(spec), _liveness, _time, _logger);
        // It keeps the activation alive, which nobody may call for long, and the devices, whatever else is slow.
        var renewal = this.RegisterGrainTimer(_ => lease.RenewAsync(), new GrainTimerCreationOptions(_liveness.RenewPeriod, _liveness.RenewPeriod) { KeepAlive = true, Interleave = true });
        EvaluationStatus ended;
        try
        {
            var weights = _weights;
            await Task.Run(() => weights.Hold(task), ending);
            await lease.RenewAsync();
            var parts = await JudgeAsync(task, spec, lease, ending);
            var report = await Task.Run(() => EvaluationSummary.Of(task, parts), ending);
            await RunFiles.WriteAsync(_files.Evaluation(RunId, task.Step, task.Samples), Encoding.UTF8.GetBytes(report.ToJson()), ending);
            ended = _status with { Phase = EvaluationPhase.Done, Report = report, Message = "" };
        }
        catch (Exception e)
        {
            // Nobody awaits this task: whoever asked reads the sentence from the status.
            LogFailed(RunId, task.Step, e.Message);
            ended = _status with { Phase = EvaluationPhase.Failed, Message = e.Message, Devices = [] };
        }
        renewal.Dispose();
        await GiveBackAsync(task);
        // Whoever reads that it is done may ask for the devices at once.
        _status = ended;
    }

    /// <summary>What every shard came to.</summary>
    private async Task<IReadOnlyCollection<ShardEvaluation>> JudgeAsync(EvaluationTask task, RunSpec spec, DeviceLease lease, CancellationToken ending)
    {
        var left = new Queue<int>(Enumerable.Range(0, spec.Training.Shards));
        var attempts = new int[spec.Training.Shards];
        var working = new Dictionary<string, (int Shard, Task<DeviceAnswer<ShardEvaluation>> Call)>(StringComparer.Ordinal);
        var done = new List<ShardEvaluation>();
        while (done.Count < spec.Training.Shards)
        {
            if (_isCancelled)
                throw new OperationCanceledException("The evaluation was cancelled.");
            var devices = Follow(lease);
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
            await Task.WhenAny([.. working.Values.Select(work => (Task)work.Call), Task.Delay(_liveness.RenewPeriod, _time, ending)]);
            ending.ThrowIfCancellationRequested();
            foreach (var (device, (shard, call)) in working.Where(work => work.Value.Call.IsCompleted).ToList())
            {
                working.Remove(device);
                var answer = await TakeAsync(call, device, ending);
                if (answer.Value is { } part)
                    done.Add(part);
                else if (++attempts[shard] < AttemptsMax)
                    left.Enqueue(shard);
                else
                    throw new InvalidOperationException($"Shard {shard} could not be judged in {AttemptsMax} tries: {answer.Error}");
                _status = _status with { ShardsDone = done.Count };
            }
        }
        return done;
    }

    /// <summary>The answer of a device; where it has no value, another device or another try may have one.</summary>
    private async Task<DeviceAnswer<ShardEvaluation>> TakeAsync(Task<DeviceAnswer<ShardEvaluation>> call, string device, CancellationToken ending)
    {
        DeviceAnswer<ShardEvaluation> answer;
        try
        {
            answer = await call;
        }
        catch (Exception e) when (CallFailures.IsTransient(e))
        {
            answer = new() { Error = e.Message };
        }
        if (answer.Value is null)
        {
            LogShardLost(RunId, device, answer.Error);
            await Task.Delay(_liveness.RenewPeriod, _time, ending);
        }
        return answer;
    }

    /// <summary>The devices that are leased now: no more than shards.</summary>
    private ImmutableArray<string> Follow(DeviceLease lease)
    {
        if (lease.Silence >= _liveness.RegistryTimeout)
            throw new InvalidOperationException($"The cluster's registry of devices has not answered for {_liveness.RegistryTimeout.TotalSeconds:F0} s. Ask again when `vaectl devices` answers.");
        if (lease.IsAnswered)
        {
            _status = _status with
            {
                Phase = lease.Devices.Length == 0 ? EvaluationPhase.Waiting : EvaluationPhase.Running,
                Devices = lease.Devices,
                Message = lease.Message,
            };
        }
        return lease.Devices;
    }

    private DeviceRequest RequestOf(RunSpec spec) => new()
    {
        RunId = Borrower,
        Min = 1,
        Max = spec.Training.Shards,
        Kind = spec.Resources.Device,
        Held = [],
        Silo = _silo.Name,
        Borrower = "evaluation",
    };

    private async Task GiveBackAsync(EvaluationTask task)
    {
        try
        {
            var weights = _weights;
            await Task.Run(() => weights.LetGo(task));
            await Cluster.CloseRunAsync(Borrower, RunPhase.Succeeded);
        }
        catch (Exception e) when (CallFailures.IsTransient(e) || CallFailures.StorageErrorIn(e) is not null)
        {
            // The book takes the devices back by itself from whoever falls silent, and a file that stays is written over by the next evaluation.
            LogNotGivenBack(RunId, e.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Run {RunId} could not be evaluated at step {Step}: {Reason}")]
    private partial void LogFailed(string runId, long step, string reason);

    [LoggerMessage(2, LogLevel.Warning, "The evaluation of run {RunId} lost a shard on {Device}; it is judged again: {Reason}")]
    private partial void LogShardLost(string runId, string device, string reason);

    [LoggerMessage(3, LogLevel.Warning, "The evaluation of run {RunId} could not give back all that it had: {Reason}")]
    private partial void LogNotGivenBack(string runId, string reason);
}
