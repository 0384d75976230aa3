using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Data;
using VaeCluster.Grains.Liveness;
using VaeCluster.Grains.Runs;
using VaeCluster.Training.Workers;

namespace VaeCluster.Grains.Trainers;

/// <summary>
/// One device. The activation lives on the silo that the key names, because that is where the device is; nothing survives deactivation,
/// and nothing has to: whoever needs the device assigns it anew.
/// </summary>
[SiloNamePlacement]
[SuppressMessage("Design", "CA1001", Justification = "OnDeactivateAsync disposes what the activation owns.")]
public sealed partial class TrainerGrain : Grain, ITrainerGrain
{
    private readonly LivenessOptions _liveness;
    private readonly TrainerInstruments _instruments;
    private readonly RunWeights _weights;
    private readonly TimeProvider _time;
    private readonly ILogger<TrainerGrain> _logger;
    private readonly IProgress<DataProgress>? _progress;

    // Memory only. The worker is made at the first assignment and kept, because a thread and a CUDA context are dear.
    private TrainerWorker? _worker;
    private TrainerLoop? _loop;
    private bool _isDraining;

    /// <summary>For the runtime.</summary>
    public TrainerGrain(
        IOptions<LivenessOptions> liveness,
        TrainerInstruments instruments,
        RunWeights weights,
        TimeProvider time,
        ILogger<TrainerGrain> logger,
        IProgress<DataProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(liveness);
        _liveness = liveness.Value;
        _instruments = instruments;
        _weights = weights;
        _time = time;
        _logger = logger;
        _progress = progress;
    }

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
        if (_loop is { } current && current.RunId == assignment.Plan.RunId && current is { HasFailed: false, HasLetGo: false })
        {
            current.Follow(assignment);
            return;
        }
        await StopLoopAsync();
        LogAssigned(this.GetPrimaryKeyString(), assignment.Plan.RunId, string.Join(", ", assignment.Shards));
        _worker ??= new TrainerWorker(DeviceId.DeviceOf(this.GetPrimaryKeyString()), _progress);
        _loop = new TrainerLoop(this.GetPrimaryKeyString(), assignment, _worker, GrainFactory, _liveness, _instruments, _time, _logger);
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
    public Task<DeviceAnswer<LossSums[]>> EvaluateAsync(string runId, ImmutableArray<int> shards) =>
        WithFinalWeightsAsync(runId, async weights => (LossSums[])[.. await _worker!.EvaluateAsync(weights, shards)]);

    /// <inheritdoc/>
    public Task<DeviceAnswer<PictureFile>> DrawAsync(string runId, PictureKind kind) =>
        WithFinalWeightsAsync(runId, weights => _worker!.DrawAsync(weights, kind));

    /// <inheritdoc/>
    public async Task<DeviceAnswer<ShardEvaluation>> JudgeAsync(EvaluationTask task, int shard)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (_loop is { HasLetGo: false } loop)
            return new() { Error = $"The device {this.GetPrimaryKeyString()} works for run {loop.RunId}; it judges nothing else meanwhile." };
        _worker ??= new TrainerWorker(DeviceId.DeviceOf(this.GetPrimaryKeyString()), _progress);
        try
        {
            return new() { Value = await _worker.JudgeAsync(_weights.SourceOf(task), shard, task.Samples) };
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or DataException)
        {
            return new() { Error = e.Message };
        }
    }

    private async Task<DeviceAnswer<T>> WithFinalWeightsAsync<T>(string runId, Func<IReadOnlyList<byte[]>, Task<T>> work)
        where T : class
    {
        if (_loop is not { } loop || loop.RunId != runId || loop.FinalWeights is not { } weights)
            return new() { Error = $"The device {this.GetPrimaryKeyString()} does not hold the final weights of run {runId}." };
        try
        {
            return new() { Value = await work(weights) };
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or DataException)
        {
            return new() { Error = e.Message };
        }
    }

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
