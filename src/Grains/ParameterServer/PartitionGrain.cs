using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Specs;
using VaeCluster.Grains.Devices;
using VaeCluster.Grains.Liveness;
using VaeCluster.Parameters.Architectures;
using VaeCluster.Parameters.Checkpoints;
using VaeCluster.Parameters.Optimizers;
using VaeCluster.Parameters.Store;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Grains.ParameterServer;

/// <summary>
/// A range of a run's weights. Its memory is lost with its silo; then the parameter server begins all partitions anew, from the standby or from the newest
/// checkpoint. The arithmetic runs on the thread pool, off the grain's turns; turns only look at its results.
/// </summary>
[SiloNamePlacement]
public sealed class PartitionGrain : Grain, IPartitionGrain
{
    private readonly HostedPartitions _hosted;
    private readonly LivenessOptions _liveness;
    private readonly TimeProvider _time;
    private readonly ILogger<PartitionGrain> _logger;
    private readonly AsyncSignal _stepChanged = new();
    private readonly BackgroundWork _work = new();

    // Memory only, lost on deactivation.
    private PartitionStart? _start;
    private readonly List<byte[]> _pieces = [];
    private PartitionService? _service;

    /// <summary>The state that was asked for last, in pieces.</summary>
    private IReadOnlyList<byte[]> _copied = [];

    /// <summary>For the runtime.</summary>
    public PartitionGrain(HostedPartitions hosted, IOptions<LivenessOptions> liveness, TimeProvider time, ILogger<PartitionGrain> logger)
    {
        ArgumentNullException.ThrowIfNull(liveness);
        _hosted = hosted;
        _liveness = liveness.Value;
        _time = time;
        _logger = logger;
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Forget();
        return _work.EndAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task BeginAsync(PartitionStart start)
    {
        Forget();
        _start = start;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task TakeAsync(string session, StatePiece piece)
    {
        ArgumentNullException.ThrowIfNull(piece);
        if (_start?.Session == session && piece.Index == _pieces.Count)
            _pieces.Add(piece.Payload);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task CompleteAsync(string session)
    {
        if (_start is not { } start || start.Session != session || _pieces.Count != start.PieceCount)
            throw new InvalidOperationException(
                $"The partition {this.GetPrimaryKeyString()} has {_pieces.Count} of {_start?.PieceCount ?? 0} pieces. Begin it again.");
        byte[][] pieces = [.. _pieces];
        _pieces.Clear();
        var store = await Task.Run(() => Build(start, pieces));
        if (_start == start)
            _service = new PartitionService(start, store, _hosted.Add(), GrainFactory, _work, _stepChanged.Set, _liveness, _time, _logger);
        _stepChanged.Set();
    }

    /// <inheritdoc/>
    public Task<bool> IsServingAsync(string session) => Task.FromResult(ServiceOf(session) is not null);

    /// <inheritdoc/>
    public async Task<PushAnswer> PushAsync(GradientBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        if (_service is { HasLeft: false } service)
            return await service.PushAsync(block);
        block.Payload.Release();
        return new(PushOutcome.NotStarted);
    }

    /// <inheritdoc/>
    public async Task<WeightsPart> PullAsync(long knownStep, int part, TimeSpan timeout)
    {
        if (_service is { HasLeft: false, Store: { } known } && known.Step == knownStep && !known.IsFinished)
        {
            try
            {
                await _stepChanged.Next.WaitAsync(timeout, _time);
            }
            catch (TimeoutException)
            {
                return new() { Outcome = PullOutcome.NotYet };
            }
        }
        return _service is { HasLeft: false, Store: { } store } ? PublishedParts.Answer(store.AcquireWeights(), store.Layout, store.Range, part)
            : new() { Outcome = PullOutcome.NotStarted };
    }

    /// <inheritdoc/>
    public async Task<PartitionState?> GetStateAsync(string session, long step, StateCopy copy)
    {
        if (ServiceOf(session) is not { } service || !await HasAppliedAsync(service, step))
            return null;
        var store = service.Store;
        var state = await Task.Run(store.Capture);
        if (state.Step != step)
            return null;
        _copied = copy == StateCopy.All ? StatePieces.Split(state) : state.Weights;
        return new(state.Updates, _copied.Count);
    }

    /// <inheritdoc/>
    public Task<StatePiece?> GetPieceAsync(string session, int index) =>
        Task.FromResult(ServiceOf(session) is not null && index < _copied.Count ? new StatePiece(index, _copied[index]) : null);

    /// <inheritdoc/>
    public async Task<bool> HoldAsync(string session, long step, int attempt)
    {
        if (ServiceOf(session) is not { } service)
            return false;
        await service.CloseAsync();
        if (!await HasAppliedAsync(service, step))
        {
            service.Open();
            return false;
        }
        service.Store.RestartStep(attempt);
        return true;
    }

    /// <inheritdoc/>
    public Task ReleaseAsync(string session, string standbySilo)
    {
        if (ServiceOf(session) is { } service)
        {
            service.Follow(standbySilo);
            service.Open();
            // Those who pushed to the step that was restarted push again.
            _stepChanged.Set();
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(string session)
    {
        if (_start?.Session != session)
            return Task.CompletedTask;
        Forget();
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private PartitionService? ServiceOf(string session) => _service is { HasLeft: false } service && service.Session == session ? service : null;

    /// <summary>Waits until the store has applied a step; no longer than a pull does.</summary>
    private async Task<bool> HasAppliedAsync(PartitionService service, long step)
    {
        var begunAt = _time.GetTimestamp();
        while (service.Store.Step < step && !service.HasLeft && _time.GetElapsedTime(begunAt) < _liveness.PullTimeout)
        {
            await _stepChanged.Next.WaitAsync(_liveness.PullTimeout, _time)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
        return service.Store.Step == step;
    }

    private void Forget()
    {
        _service?.Leave();
        _service = null;
        _start = null;
        _pieces.Clear();
        _copied = [];
        _stepChanged.Set();
    }

    private static PartitionStore Build(PartitionStart start, IReadOnlyList<byte[]> pieces)
    {
        var spec = RunSpecReader.ReadCanonical(start.Plan.SpecJson);
        var layout = ModelLayout.Of(spec, start.Plan.Data);
        var range = PartRange.Divide(layout, start.RangeCount)[start.Range];
        var kinds = UpdateRules.For(spec).StateNames.Count;
        return new(spec, start.Plan.Data, layout, range, StatePieces.Join(layout, range, kinds, start.Step, start.Updates, pieces));
    }
}
