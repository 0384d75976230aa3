using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Grains.Devices;
using VaeCluster.Grains.Liveness;
using VaeCluster.Grains.Storage;

namespace VaeCluster.Grains.ParameterServer;

/// <summary>
/// The parameter server of one run; the key is <c>silo/run</c>. The weights live in memory, and now and then in a checkpoint: after a loss the run starts
/// another from the newest that is valid, and the steps since are computed again, to the same bits. The key names the silo that the run is on, so whoever
/// calls first, the two are together and their messages stay off the wire. The arithmetic runs on the thread pool, off the grain's turns; turns only look at
/// its results.
/// </summary>
[SiloNamePlacement]
public sealed class ParameterServerGrain : Grain, IParameterServerGrain
{
    private readonly ParameterServerLoader _loader;
    private readonly RunFiles _files;
    private readonly LivenessOptions _liveness;
    private readonly TimeProvider _time;
    private readonly ParameterServerInstruments _instruments;
    private readonly ILogger<ParameterServerGrain> _logger;

    private readonly AsyncSignal _stepChanged = new();
    private readonly StandbyReplication _replication;

    private readonly BackgroundWork _work = new();

    // Memory only, lost on deactivation.
    private ServerSession? _session;

    /// <summary>The checkpoint that a stop writes; a disk may take longer for it than the run keeps its device lease.</summary>
    private Task _lastCheckpoint = Task.CompletedTask;

    /// <summary>For the runtime.</summary>
    public ParameterServerGrain(
        RunFiles files,
        IOptions<LivenessOptions> liveness,
        IGrainFactory grains,
        TimeProvider time,
        ParameterServerInstruments instruments,
        ILogger<ParameterServerGrain> logger)
    {
        ArgumentNullException.ThrowIfNull(liveness);
        _loader = new ParameterServerLoader(files, time, instruments, logger);
        _files = files;
        _liveness = liveness.Value;
        _replication = new StandbyReplication(grains, _liveness, time, logger);
        _time = time;
        _instruments = instruments;
        _logger = logger;
    }

    /// <inheritdoc/>
    public async Task<ParameterServerStatus> StartAsync(RunPlan plan, string standbySilo, ImmutableArray<string> partitions)
    {
        ArgumentNullException.ThrowIfNull(plan);
        // Two writers of one folder must not meet, and it is cleaned before it is read.
        await _lastCheckpoint;
        if (_session is null)
        {
            var followed = await _replication.FetchAsync(standbySilo, plan);
            var loader = _loader;
            var (loaded, whole) = await Task.Run(() => loader.Load(plan, followed, partitions.Length + 1));
            var set = new PartitionSet(plan, this.GetPrimaryKeyString(), partitions, loaded.Store.Layout, GrainFactory, _liveness, _time, _logger);
            await set.BeginAsync(whole);
            _session = new ServerSession(plan, loaded, set, _work, _stepChanged.Set, _instruments, _logger);
            _logger.LogStarted(plan.RunId, loaded.Store.Layout.ParameterLength, loaded.Store.StepCount - loaded.Store.Step);
            _stepChanged.Set();
        }
        return Status(long.MaxValue);
    }

    /// <inheritdoc/>
    public async Task FollowAsync(string standbySilo)
    {
        if (_session is { } session)
            await _replication.FollowAsync(standbySilo, session, () => _session == session);
    }

    /// <inheritdoc/>
    public Task<PushAnswer> PushAsync(GradientBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        return _replication.PushAsync(block, () => _session?.Checkpoints.WrittenStep ?? 0, TakeAsync);
    }

    private async Task<PushAnswer> TakeAsync(GradientBlock block)
    {
        if (_session is { } session)
            return await session.TakeAsync(block);
        block.Payload.Release();
        return new(PushOutcome.NotStarted);
    }

    /// <inheritdoc/>
    public async Task<StepDecision> DecideAsync(RangeGradient gradient)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        if (_session is not { } session)
        {
            // The last checkpoint takes the partitions' states, so they stay until they are stopped.
            await _lastCheckpoint.WaitAsync(_liveness.PullTimeout, _time)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            return new() { Verdict = _lastCheckpoint.IsCompleted ? StepVerdict.Superseded : StepVerdict.Undecided };
        }
        if (gradient.StandbyError.Length > 0)
            _replication.OnLost(gradient.StandbyError);
        return await session.DecideAsync(gradient);
    }

    /// <inheritdoc/>
    public async Task<WeightsPart> PullAsync(long knownStep, int part, TimeSpan timeout)
    {
        if (_session?.Store is { IsFinished: false } known && known.Step == knownStep)
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
        return _session?.Store is { } store ? PublishedParts.Answer(store.AcquireWeights(), store.Layout, store.Range, part)
            : new() { Outcome = PullOutcome.NotStarted };
    }

    /// <inheritdoc/>
    public Task<ParameterServerStatus> GetStatusAsync(long afterStep, long writtenStep)
    {
        if (_session is { } session)
        {
            session.Checkpoints.WrittenStep = Math.Max(session.Checkpoints.WrittenStep, writtenStep);
            session.Store.History.Forget(writtenStep);
        }
        return Task.FromResult(Status(afterStep));
    }

    /// <inheritdoc/>
    public Task<SavedModel> SaveModelAsync() => _session is { } session
        ? session.SaveModelAsync(_files.Model(session.Plan.RunId))
        : throw new InvalidOperationException($"The parameter server {this.GetPrimaryKeyString()} has no weights to save.");

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // A silo that stops in good order loses no step.
        if (_session is { } session)
            await session.Checkpoints.FlushAsync();
        await _work.EndAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task StopAsync(bool writeCheckpoint, bool keepStandby)
    {
        var session = _session;
        _session = null;
        _stepChanged.Set();
        if (!keepStandby)
            await _replication.StopAsync();
        // A run that was paused or failed may go on some day.
        if (session is not null)
            _lastCheckpoint = session.StopAsync(writeCheckpoint);
        await _lastCheckpoint;
        DeactivateOnIdle();
    }

    private ParameterServerStatus Status(long afterStep) => _session?.Report(afterStep, _replication.Silo) ?? new();
}
