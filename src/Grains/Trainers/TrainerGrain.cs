using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Data;
using VaeCluster.Grains.Devices;
using VaeCluster.Grains.Liveness;
using VaeCluster.Training.Workers;

namespace VaeCluster.Grains.Trainers;

/// <summary>
/// One device. The activation lives on the silo that the key names, because that is where the device is; nothing survives deactivation, and nothing has
/// to: whoever needs the device assigns it again.
/// </summary>
[SiloNamePlacement]
[SuppressMessage("Design", "CA1001", Justification = "OnDeactivateAsync disposes what the activation owns.")]
public sealed partial class TrainerGrain : Grain, ITrainerGrain
{
    private readonly LivenessOptions _liveness;
    private readonly TrainerInstruments _instruments;
    private readonly SiloExchange _exchange;
    private readonly RunWeights _weights;
    private readonly TimeProvider _time;
    private readonly ILogger<TrainerGrain> _logger;
    private readonly DataAccess? _access;

    // Memory only. The worker is made when it is first needed and kept, because a thread and a CUDA context are expensive.
    private TrainerWorker? _worker;
    private TrainerLoop? _loop;
    private bool _isDraining;

    /// <summary>For the runtime.</summary>
    public TrainerGrain(
        IOptions<LivenessOptions> liveness,
        TrainerInstruments instruments,
        SiloExchange exchange,
        RunWeights weights,
        TimeProvider time,
        ILogger<TrainerGrain> logger,
        DataAccess? access = null)
    {
        ArgumentNullException.ThrowIfNull(liveness);
        _liveness = liveness.Value;
        _instruments = instruments;
        _exchange = exchange;
        _weights = weights;
        _time = time;
        _logger = logger;
        _access = access;
    }

    private string Device => this.GetPrimaryKeyString();

    private TrainerWorker Worker => _worker ??= new TrainerWorker(DeviceId.DeviceOf(Device), _access);

    private RequestedWork Requests => new(Device, _weights);

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await StopLoopAsync();
        if (_worker is not null)
            await _worker.DisposeAsync();
    }

    /// <inheritdoc/>
    public async Task AssignAsync(TrainerAssignment assignment)
    {
        ArgumentNullException.ThrowIfNull(assignment);
        if (_isDraining)
            return;
        if (_loop is { } current && current.RunId == assignment.Plan.RunId && current is { HasFailed: false, HasLeft: false })
        {
            current.Follow(assignment);
            return;
        }
        await StopLoopAsync();
        LogAssigned(Device, assignment.Plan.RunId, string.Join(", ", assignment.Shards));
        _loop = new TrainerLoop(Device, assignment, Worker, GrainFactory, _liveness, _exchange, _instruments, _time, _logger);
        _loop.Start();
    }

    /// <inheritdoc/>
    public async Task ReleaseAsync(string runId)
    {
        if (_loop?.RunId == runId)
            await StopLoopAsync();
    }

    /// <inheritdoc/>
    public Task DrainAsync()
    {
        _isDraining = true;
        return StopLoopAsync();
    }

    /// <inheritdoc/>
    public Task<TrainerStatus> GetStatusAsync() => Task.FromResult(_loop?.Status ?? new TrainerStatus());

    /// <inheritdoc/>
    public Task<DeviceAnswer<ShardEvaluation>> EvaluateAsync(EvaluationTask task, int shard)
    {
        ArgumentNullException.ThrowIfNull(task);
        return Requests.EvaluateAsync(Worker, _loop, task, shard);
    }

    /// <inheritdoc/>
    public Task<DeviceAnswer<RenderedImage>> RenderAsync(string runId, ImageKind kind) => Requests.RenderAsync(_worker, _loop, runId, kind);

    private async Task StopLoopAsync()
    {
        if (_loop is null)
            return;
        var loop = _loop;
        _loop = null;
        await loop.DisposeAsync();
    }

    [LoggerMessage(1, LogLevel.Information, "Device {Device} works for run {RunId}, shards {Shards}.")]
    private partial void LogAssigned(string device, string runId, string shards);
}
