using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VaeCluster.Contracts.Cluster;
using VaeCluster.Contracts.Evaluations;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Data;
using VaeCluster.Grains.Devices;
using VaeCluster.Grains.Liveness;
using VaeCluster.Grains.Storage;
using VaeCluster.Grains.Trainers;

namespace VaeCluster.Grains.Evaluations;

/// <summary>
/// Evaluates the models of one run on request, with devices that the cluster leases to it. Nothing survives deactivation but the report in the run's
/// artifacts.
/// </summary>
public sealed partial class EvaluationGrain : Grain, IEvaluationGrain
{
    private readonly LivenessOptions _liveness;
    private readonly RunFiles _files;
    private readonly DataAccess? _access;
    private readonly RunWeights _weights;
    private readonly ILocalSiloDetails _silo;
    private readonly TimeProvider _time;
    private readonly ILogger<EvaluationGrain> _logger;

    // Memory only.
    private EvaluationStatus _status = new();
    private CancellationTokenSource? _evaluationEnd;

    /// <summary>The evaluation that is under way; it ends with the activation.</summary>
    private readonly BackgroundWork _work = new();

    /// <summary>For the runtime.</summary>
    public EvaluationGrain(
        IOptions<LivenessOptions> liveness,
        RunFiles files,
        RunWeights weights,
        ILocalSiloDetails silo,
        TimeProvider time,
        ILogger<EvaluationGrain> logger,
        DataAccess? access = null)
    {
        ArgumentNullException.ThrowIfNull(liveness);
        _liveness = liveness.Value;
        _files = files;
        _weights = weights;
        _silo = silo;
        _time = time;
        _logger = logger;
        _access = access;
    }

    private string RunId => this.GetPrimaryKeyString();

    /// <summary>Under this name the cluster leases the devices: it is no run's id, so nobody reactivates or lists it.</summary>
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
            return Task.FromResult(new EvaluationStatus
            {
                Phase = EvaluationPhase.Failed,
                Task = task,
                Message = $"Run '{RunId}' is being evaluated at step {_status.Task!.Step} with {_status.Task.Samples} samples. "
                    + "Wait until that evaluation ends.",
            });
        if (IsBusy)
            return Task.FromResult(_status);
        var spec = RunSpecReader.ReadCanonical(task.Plan.SpecJson);
        _status = new() { Phase = EvaluationPhase.Waiting, Task = task, ShardCount = spec.Training.Shards, Message = "The evaluation requests devices." };
        // The calls in between are answered meanwhile.
        _ = _work.Start(ending => RunAsync(task, spec, ending));
        return Task.FromResult(_status);
    }

    /// <inheritdoc/>
    public Task<EvaluationStatus> GetStatusAsync() => Task.FromResult(_status);

    /// <inheritdoc/>
    public async Task CancelAsync(EvaluationTask task)
    {
        if (_status.Task == task && _evaluationEnd is { } evaluationEnd)
            await evaluationEnd.CancelAsync();
    }

    private async Task RunAsync(EvaluationTask task, RunSpec spec, CancellationToken ending)
    {
        using var evaluationEnd = CancellationTokenSource.CreateLinkedTokenSource(ending);
        _evaluationEnd = evaluationEnd;
        var lease = new DeviceLease(Cluster, RequestOf(spec), _liveness, _time, _logger);
        // It keeps the activation alive, which nobody may call for long, and the devices, whatever else is slow.
        var renewal = this.RegisterGrainTimer(_ => lease.RenewAsync(),
            new GrainTimerCreationOptions(_liveness.RenewPeriod, _liveness.RenewPeriod) { KeepAlive = true, Interleave = true });
        EvaluationStatus ended;
        try
        {
            var report = await EvaluateAsync(task, spec, lease, evaluationEnd.Token);
            ended = _status with { Phase = EvaluationPhase.Done, Report = report, Message = "" };
        }
        catch (Exception e)
        {
            // Nobody awaits this task: whoever asked reads the sentence from the status.
            var message = e is OperationCanceledException ? "The evaluation was cancelled." : e.Message;
            LogFailed(RunId, task.Step, message);
            ended = _status with { Phase = EvaluationPhase.Failed, Message = message, Devices = [] };
        }
        _evaluationEnd = null;
        renewal.Dispose();
        await ReleaseAsync(task);
        // Whoever reads that it is done may ask for the devices at once.
        _status = ended;
    }

    private async Task<EvaluationReport> EvaluateAsync(EvaluationTask task, RunSpec spec, DeviceLease lease, CancellationToken cancellationToken)
    {
        var weights = _weights;
        await Task.Run(() => weights.Pin(task), cancellationToken);
        await lease.RenewAsync();
        var evaluations = new ShardEvaluations(GrainFactory, _liveness, _time, _logger);
        var shards = await evaluations.EvaluateAsync(
            task, spec.Training.Shards, () => Follow(lease), done => _status = _status with { ShardsDone = done }, cancellationToken);
        return await EvaluationReports.WriteAsync(_files.Evaluation(RunId, task.Step, task.Samples), task, shards, _access, cancellationToken);
    }

    /// <summary>The devices that are leased now: no more than shards.</summary>
    private ImmutableArray<string> Follow(DeviceLease lease)
    {
        if (lease.Silence >= _liveness.RegistryTimeout)
            throw new InvalidOperationException(
                $"The cluster's registry of devices has not answered for {_liveness.RegistryTimeout.TotalSeconds:F0} s. Run it again when "
                    + "`vaectl devices` answers.");
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

    private async Task ReleaseAsync(EvaluationTask task)
    {
        try
        {
            var weights = _weights;
            await Task.Run(() => weights.Unpin(task));
            await Cluster.CloseRunAsync(Borrower, RunPhase.Succeeded);
        }
        catch (Exception e) when (CallFailures.IsTransient(e) || CallFailures.StorageErrorIn(e) is not null)
        {
            // The lease expires by itself, and a file that stays is written over by the next evaluation.
            LogNotReleased(RunId, e.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Run {RunId} could not be evaluated at step {Step}: {Reason}")]
    private partial void LogFailed(string runId, long step, string reason);

    [LoggerMessage(3, LogLevel.Warning, "The evaluation of run {RunId} could not release all its devices: {Reason}")]
    private partial void LogNotReleased(string runId, string reason);
}
