using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VaeCluster.Contracts.Cluster;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Data;
using VaeCluster.Grains.Ledger;
using VaeCluster.Grains.Storage;

namespace VaeCluster.Grains.Runs;

/// <summary>
/// One run; the key is its id. Its plan, phase and conditions survive deactivation; who trains what is found out anew. A timer drives it:
/// it asks the cluster for devices, deals the shards to their trainers, and fetches from the parameter server how far it is.
/// Everything it asks of others may be asked twice, so it simply asks again after a loss.
/// </summary>
public sealed partial class RunGrain : Grain, IRunGrain
{
    private readonly IPersistentState<RunState> _state;
    private readonly RunOptions _options;
    private readonly RunFiles _files;
    private readonly RunInstruments _instruments;
    private readonly ILocalSiloDetails _silo;
    private readonly TimeProvider _time;
    private readonly ILogger<RunGrain> _logger;

    // Memory only, found out anew after deactivation.
    private RunSpec? _spec;
    private TrainingSchedule? _schedule;
    private MetricsLog? _metrics;
    private LedgerLog? _ledger;
    private ImmutableArray<string> _devices = [];
    private IGrainTimer? _timer;
    private Task? _finishing;
    private TaskCompletionSource _dealtAnew = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _version;
    private RunSnapshot? _announced;

    /// <summary>Why nothing can be written; empty while it can. It cannot be written itself, so it is only told.</summary>
    private string _storageFault = "";
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset _trainersCheckedAt;
    private DateTimeOffset _progressWrittenAt;

    /// <summary>For the runtime.</summary>
    public RunGrain(
        [PersistentState(FileGrainStorage.RunStateName, FileGrainStorage.Name)] IPersistentState<RunState> state,
        IOptions<RunOptions> options,
        RunFiles files,
        RunInstruments instruments,
        ILocalSiloDetails silo,
        TimeProvider time,
        ILogger<RunGrain> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_state, _options, _files, _instruments, _silo, _time, _logger) = (state, options.Value, files, instruments, silo, time, logger);
    }

    private string RunId => this.GetPrimaryKeyString();

    private RunState State => _state.State;

    private IParameterServerGrain Server => GrainFactory.GetGrain<IParameterServerGrain>(RunId);

    private IClusterGrain Cluster => GrainFactory.GetGrain<IClusterGrain>(IClusterGrain.TheKey);

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // Versions must rise over the loss of a silo too, so they start from the clock.
        _version = _time.GetUtcNow().ToUnixTimeMilliseconds() << 10;
        if (!_state.RecordExists)
            return Task.CompletedTask;
        Announce();
        if (State.Phase.IsActive())
            Resume();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _instruments.OnLeft(RunId);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<RunSnapshot> SubmitAsync(RunPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (_state.RecordExists)
            return State.Plan == plan ? Snapshot() : throw new InvalidOperationException($"Run {RunId} exists already, with another plan; submit under another name.");
        await ChangeAsync(state =>
        {
            (state.Plan, state.Phase, state.SubmittedAt) = (plan, RunPhase.Pending, _time.GetUtcNow());
            state.Conditions.Add(Condition(RunReasons.Submitted, plan.Origin is { } origin
                ? $"The run was accepted; it goes on from step {origin.Step} of run {origin.RunId}."
                : "The run was accepted."));
            if (RunSpecReader.ReadCanonical(plan.SpecJson).Determinism == DeterminismKind.Relaxed)
                state.Conditions.Add(Condition(RunReasons.Relaxed, "The spec says determinism: relaxed. Each example of an epoch is used exactly once still, and a run replays from its checkpoints; but another number of trainers, another machine or another try may end with other bits of the weights."));
        });
        Resume();
        return Snapshot();
    }

    /// <inheritdoc/>
    public Task<RunSnapshot> GetAsync() => Task.FromResult(Snapshot());

    /// <inheritdoc/>
    public async Task<RunSnapshot> WaitAsync(long version, TimeSpan patience)
    {
        if (Snapshot() is var known && known.Version <= version && !known.Phase.IsFinal())
        {
            try
            {
                await _changed.Task.WaitAsync(patience, _time);
            }
            catch (TimeoutException)
            {
                // Nothing changed; the caller is told so by an old version.
            }
        }
        return Snapshot();
    }

    /// <inheritdoc/>
    public async Task<RunSnapshot> CancelAsync(string who)
    {
        _ = Snapshot();
        if (!State.Phase.IsFinal())
            await EndAsync(RunPhase.Cancelled, RunReasons.CancelRequested, $"The run was cancelled by {who} at step {State.Progress.Step}.");
        return Snapshot();
    }

    /// <inheritdoc/>
    public async Task<RunSnapshot> PauseAsync(string who)
    {
        _ = Snapshot();
        if (_finishing is not null)
            throw new InvalidOperationException($"Run {RunId} has applied every step and is being judged; it ends in a moment.");
        if (State.Phase.IsActive())
            await EndAsync(RunPhase.Paused, RunReasons.Paused, $"The run was paused by {who} at step {State.Progress.Step}.");
        return Snapshot();
    }

    /// <inheritdoc/>
    public async Task<RunSnapshot> ResumeAsync(string who)
    {
        _ = Snapshot();
        if (State.Phase != RunPhase.Paused)
            throw new InvalidOperationException($"Run {RunId} is {State.Phase}; only a paused run can be resumed{(State.Phase.IsFinal() ? ". `vaectl retry` tries a failed or cancelled one again" : "")}.");
        await BeginAgainAsync(RunReasons.Resumed, $"The run was resumed by {who}.");
        return Snapshot();
    }

    /// <inheritdoc/>
    public async Task<RunSnapshot> RetryAsync(string who)
    {
        _ = Snapshot();
        if (State.Phase is not (RunPhase.Failed or RunPhase.Cancelled))
            throw new InvalidOperationException($"Run {RunId} is {State.Phase}; only a failed or cancelled run can be tried again.");
        await BeginAgainAsync(RunReasons.Retried, $"Another try was asked for by {who}; the run goes on from its newest checkpoint.");
        return Snapshot();
    }

    /// <inheritdoc/>
    public async Task WakeAsync()
    {
        // A run that was never submitted, because its gateway died in between, or that has ended or is paused, has nothing to wake for.
        if (!_state.RecordExists || !State.Phase.IsActive())
            await Cluster.CloseRunAsync(RunId, _state.RecordExists ? State.Phase : RunPhase.Cancelled);
    }

    private async Task BeginAgainAsync(string reason, string message)
    {
        // The book first: if this silo dies in between, the run is woken and closes itself again.
        await Cluster.ReopenRunAsync(RunId);
        await ChangeAsync(state =>
        {
            (state.Phase, state.EndedAt, state.Results) = (RunPhase.Pending, null, null);
            state.Conditions.Add(Condition(reason, message));
        });
        Resume();
    }

    /// <summary>Begins to drive the run.</summary>
    private void Resume()
    {
        (_finishing, _trainersCheckedAt, _ledger, _collapse) = (null, default, null, null);
        var plan = State.Plan!;
        _spec = RunSpecReader.ReadCanonical(plan.SpecJson);
        _schedule = new TrainingSchedule(_spec, plan.Data);
        _metrics = new MetricsLog(_files.Metrics(RunId), _spec.Logging.Every, _schedule.StepCount, _schedule.StepsPerEpoch);
        _fetchedStep = _metrics.WrittenStep;
        _timer = this.RegisterGrainTimer(_ => DriveAsync(), new GrainTimerCreationOptions(TimeSpan.Zero, _options.WatchPeriod) { KeepAlive = true });
    }

    /// <summary>The run as it was last announced: never ahead of the disk, while a change is being written.</summary>
    private RunSnapshot Snapshot() => _announced
        ?? throw new KeyNotFoundException($"There is no run '{RunId}'. `vaectl list` shows those that there are.");

    private RunCondition Condition(string reason, string message) => new(reason, message, _time.GetUtcNow());

    /// <summary>Changes the state, writes it, and only then lets anybody know.</summary>
    private async Task ChangeAsync(Action<RunState> change)
    {
        change(State);
        RunConditions.Limit(State.Conditions);
        try
        {
            await _state.WriteStateAsync();
        }
        catch
        {
            // Memory must not stay ahead of the disk.
            await _state.ReadStateAsync();
            throw;
        }
        _storageFault = "";
        Announce();
    }

    private void Announce()
    {
        _announced = new RunSnapshot
        {
            RunId = RunId,
            Version = ++_version,
            Phase = State.Phase,
            Conditions = _storageFault.Length == 0 ? [.. State.Conditions] : [.. State.Conditions, Condition(RunReasons.StorageUnavailable, _storageFault)],
            SpecJson = State.Plan!.SpecJson,
            Progress = State.Progress,
            Results = State.Results,
            Devices = _devices,
            SubmittedAt = State.SubmittedAt,
            StartedAt = State.StartedAt,
            EndedAt = State.EndedAt,
            ParameterCount = State.ParameterCount,
            Data = State.Plan.Data,
            Origin = State.Plan.Origin,
        };
        var changed = _changed;
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }

    /// <summary>Ends or pauses the run: first on disk, then for everybody who works for it.</summary>
    private async Task EndAsync(RunPhase phase, string reason, string message, RunResults? results = null)
    {
        var devices = _devices;
        _devices = [];
        try
        {
            await ChangeAsync(state =>
            {
                (state.Phase, state.EndedAt, state.Results, state.StandbySilo) = (phase, phase.IsFinal() ? _time.GetUtcNow() : null, results, "");
                state.Conditions.Add(Condition(reason, message));
            });
        }
        catch
        {
            // It has not ended, so it has its devices still.
            _devices = devices;
            throw;
        }
        LogEnded(RunId, phase, message);
        _timer?.Dispose();
        _instruments.OnLeft(RunId);
        await ReleaseAsync(devices);
    }

    private async Task ReleaseAsync(ImmutableArray<string> devices)
    {
        await ReleaseTrainersAsync(devices);
        // Also when a trainer did not answer: a server that stays would keep its memory, and the trainers that heard nothing at work.
        await ToldAsync(Server.StopAsync());
        await Cluster.CloseRunAsync(RunId, State.Phase);
    }

    /// <summary>Ends the work of devices that are not the run's any more.</summary>
    private Task ReleaseTrainersAsync(IEnumerable<string> devices) =>
        Task.WhenAll(devices.Select(device => ToldAsync(GrainFactory.GetGrain<ITrainerGrain>(device).ReleaseAsync(RunId).WaitAsync(_options.ReleasePatience, _time))));

    /// <summary>A device or server that cannot be reached is gone, and its work with it.</summary>
    private async Task ToldAsync(Task call)
    {
        try
        {
            await call;
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            LogReleaseLost(e, RunId);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Run {RunId} ended as {Phase}: {Message}")]
    private partial void LogEnded(string runId, RunPhase phase, string message);

    [LoggerMessage(2, LogLevel.Warning, "Run {RunId} could not tell everybody that it ended.")]
    private partial void LogReleaseLost(Exception e, string runId);

    [LoggerMessage(3, LogLevel.Warning, "Run {RunId} lost a call to a part of it; it asks again.")]
    private partial void LogCallLost(Exception e, string runId);

    [LoggerMessage(4, LogLevel.Information, "Run {RunId} deals {Shards} shards to {Devices}.")]
    private partial void LogDealt(string runId, int shards, string devices);

    [LoggerMessage(5, LogLevel.Error, "Run {RunId} cannot go on.")]
    private partial void LogCannotGoOn(Exception e, string runId);

    [LoggerMessage(6, LogLevel.Warning, "Run {RunId} was written by another activation; this one yields to it.")]
    private partial void LogSuperseded(Exception e, string runId);
}
