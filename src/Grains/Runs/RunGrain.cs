using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VaeCluster.Contracts.Cluster;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Data;
using VaeCluster.Grains.Ledger;
using VaeCluster.Grains.Liveness;
using VaeCluster.Grains.Storage;
using VaeCluster.Grains.Trainers;

namespace VaeCluster.Grains.Runs;

/// <summary>
/// One run; the key is its id. Its plan, phase and conditions survive deactivation; who trains what is found out anew. Two timers drive it: one renews its
/// device lease, whatever else is slow; the other deals the shards to the devices' trainers and fetches from the parameter server how far it is.
/// Everything it asks of others may be asked twice, so it simply asks again after a loss.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for holds nothing to dispose of.")]
public sealed partial class RunGrain : Grain, IRunGrain
{
    private readonly IPersistentState<RunState> _state;
    private readonly RunOptions _options;
    private readonly LivenessOptions _liveness;
    private readonly RunFiles _files;
    private readonly RunInstruments _instruments;
    private readonly ILocalSiloDetails _silo;
    private readonly TimeProvider _time;
    private readonly ILogger<RunGrain> _logger;

    /// <summary>One change of the state at a time: Cancel and Pause come while the run is driven.</summary>
    private readonly SemaphoreSlim _writing = new(1, 1);

    // Memory only, found out anew after deactivation.
    private RunSpec? _spec;
    private TrainingSchedule? _schedule;
    private MetricsLog? _metrics;
    private LedgerLog? _ledger;
    private ImmutableArray<string> _devices = [];
    private long _version;
    private RunSnapshot? _announced;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset _progressWrittenAt;

    /// <summary>Why nothing can be written; empty while it can. It cannot be written itself, so it is only announced.</summary>
    private string _storageFault = "";

    /// <summary>Everything that drives the run while it is active; it ends with the run.</summary>
    private BackgroundWork _driving = new();

    /// <summary>Best-effort calls to those whom the run does not need any more; they end with the activation.</summary>
    private readonly BackgroundWork _releasing = new();

    /// <summary>The release of everything that worked for the run, after it ended or was paused.</summary>
    private Task _released = Task.CompletedTask;

    /// <summary>For the runtime.</summary>
    public RunGrain(
        [PersistentState(FileGrainStorage.RunStateName, FileGrainStorage.Name)] IPersistentState<RunState> state,
        IOptions<RunOptions> options,
        IOptions<LivenessOptions> liveness,
        RunFiles files,
        RunInstruments instruments,
        ILocalSiloDetails silo,
        TimeProvider time,
        ILogger<RunGrain> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(liveness);
        _state = state;
        _options = options.Value;
        _liveness = liveness.Value;
        _files = files;
        _instruments = instruments;
        _silo = silo;
        _time = time;
        _logger = logger;
    }

    private string RunId => this.GetPrimaryKeyString();

    private RunState State => _state.State;

    /// <summary>The key of the parameter server, which is on this silo.</summary>
    private string ServerKey => DeviceId.Of(_silo.Name, RunId);

    private IParameterServerGrain Server => GrainFactory.GetGrain<IParameterServerGrain>(ServerKey);

    private IClusterGrain Cluster => GrainFactory.GetGrain<IClusterGrain>(IClusterGrain.TheKey);

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // Versions must rise over the loss of a silo too, so they start from the clock.
        _version = _time.GetUtcNow().ToUnixTimeMilliseconds() << 10;
        if (!_state.RecordExists)
            return;
        Announce();
        if (State.Phase.IsActive())
            await BeginDrivingAsync();
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _instruments.OnLeft(RunId);
        StopTimers();
        await _driving.EndAsync(cancellationToken);
        await _releasing.EndAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<RunAnswer> SubmitAsync(RunPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (_announced is { } known)
        {
            return State.Plan == plan
                ? RunAnswer.Accept(known)
                : RunAnswer.NotAllowed($"Run {RunId} exists already, with another plan; submit under another name.");
        }
        await WriteAsync(state =>
        {
            (state.Plan, state.Phase, state.SubmittedAt) = (plan, RunPhase.Pending, _time.GetUtcNow());
            state.Conditions.Add(Condition(RunReasons.Submitted, plan.Origin is { } origin
                ? $"The run was accepted; it goes on from step {origin.Step} of run {origin.RunId}."
                : "The run was accepted."));
            if (RunSpecReader.ReadCanonical(plan.SpecJson).Determinism == DeterminismKind.Relaxed)
                state.Conditions.Add(Condition(RunReasons.Relaxed, "The spec says determinism: relaxed. Each example of an epoch is used exactly once still, and a run replays from its checkpoints; but another number of trainers, another machine or another try may end with other bits of the weights."));
            return true;
        });
        await BeginDrivingAsync();
        return Accepted();
    }

    /// <inheritdoc/>
    public Task<RunSnapshot?> GetAsync() => Task.FromResult(_announced);

    /// <inheritdoc/>
    public async Task<RunSnapshot?> WaitAsync(long version, TimeSpan timeout)
    {
        if (_announced is { } known && known.Version <= version && !known.Phase.IsFinal())
        {
            try
            {
                await _changed.Task.WaitAsync(timeout, _time);
            }
            catch (TimeoutException)
            {
                // Nothing changed; the caller learns that from an old version.
            }
        }
        return _announced;
    }

    /// <inheritdoc/>
    public async Task<RunAnswer> CancelAsync(string who)
    {
        if (_announced is null)
            return RunAnswer.NotFound(RunId);
        await EndAsync(RunPhase.Cancelled, RunReasons.CancelRequested, $"The run was cancelled by {who} at step {State.Progress.Step}.", from: phase => !phase.IsFinal());
        return Accepted();
    }

    /// <inheritdoc/>
    public async Task<RunAnswer> PauseAsync(string who)
    {
        if (_announced is null)
            return RunAnswer.NotFound(RunId);
        if (_finishing is not null && State.Phase.IsActive())
            return RunAnswer.NotAllowed($"Run {RunId} has applied every step and is being judged; it ends in a moment.");
        await EndAsync(RunPhase.Paused, RunReasons.Paused, $"The run was paused by {who} at step {State.Progress.Step}.");
        return Accepted();
    }

    /// <inheritdoc/>
    public async Task<RunAnswer> ResumeAsync(string who)
    {
        if (_announced is null)
            return RunAnswer.NotFound(RunId);
        if (State.Phase != RunPhase.Paused)
            return RunAnswer.NotAllowed($"Run {RunId} is {State.Phase}; only a paused run can be resumed{(State.Phase.IsFinal() ? ". `vaectl retry` tries a failed or cancelled one again" : "")}.");
        await BeginAgainAsync(RunReasons.Resumed, $"The run was resumed by {who}.");
        return Accepted();
    }

    /// <inheritdoc/>
    public async Task<RunAnswer> RetryAsync(string who)
    {
        if (_announced is null)
            return RunAnswer.NotFound(RunId);
        if (State.Phase is not (RunPhase.Failed or RunPhase.Cancelled))
            return RunAnswer.NotAllowed($"Run {RunId} is {State.Phase}; only a failed or cancelled run can be tried again.");
        await BeginAgainAsync(RunReasons.Retried, $"Another try was asked for by {who}; the run goes on from its newest checkpoint.");
        return Accepted();
    }

    /// <inheritdoc/>
    public async Task WakeAsync()
    {
        // A run that was never submitted, because its gateway died in between, or that has ended or is paused, has nothing to go on with.
        if (!_state.RecordExists || !State.Phase.IsActive())
            await Cluster.CloseRunAsync(RunId, _state.RecordExists ? State.Phase : RunPhase.Cancelled);
    }

    private RunAnswer Accepted() => RunAnswer.Accept(_announced!);

    private async Task BeginAgainAsync(string reason, string message)
    {
        // What ended the run before may still write its last checkpoint and its results: two writers must not meet.
        await _released;
        // The registry first: if this silo dies in between, the run is reactivated and closes itself again.
        await Cluster.ReopenRunAsync(RunId);
        await WriteAsync(state =>
        {
            (state.Phase, state.EndedAt, state.Results) = (RunPhase.Pending, null, null);
            state.Conditions.Add(Condition(reason, message));
            return true;
        });
        await BeginDrivingAsync();
    }

    private RunCondition Condition(string reason, string message) => new(reason, message, _time.GetUtcNow());

    /// <summary>Changes the state of a run that is active, writes it, and only then lets anybody know.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled or paused meanwhile.</exception>
    private async Task ChangeAsync(Action<RunState> change)
    {
        var isActive = await WriteAsync(state =>
        {
            if (!state.Phase.IsActive())
                return false;
            change(state);
            return true;
        });
        if (!isActive)
            throw new OperationCanceledException($"Run {RunId} has ended or was paused meanwhile.");
    }

    /// <param name="change">Changes the state and returns true, or leaves it as it is and returns false.</param>
    private async Task<bool> WriteAsync(Func<RunState, bool> change)
    {
        await _writing.WaitAsync();
        try
        {
            if (!change(State))
                return false;
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
            return true;
        }
        finally
        {
            _writing.Release();
        }
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

    /// <summary>Ends or pauses the run: first on disk, then for everybody who works for it, which nobody waits for.</summary>
    /// <param name="phase">The phase that it reaches.</param>
    /// <param name="reason">Why.</param>
    /// <param name="message">Why, for people.</param>
    /// <param name="results">What it ended with.</param>
    /// <param name="from">In which phases it can; in any other it stays as it is.</param>
    private async Task EndAsync(RunPhase phase, string reason, string message, RunResults? results = null, Func<RunPhase, bool>? from = null)
    {
        var devices = _devices;
        bool hasEnded;
        try
        {
            hasEnded = await WriteAsync(state =>
            {
                if (!(from?.Invoke(state.Phase) ?? state.Phase.IsActive()))
                    return false;
                _devices = [];
                (state.Phase, state.EndedAt, state.Results, state.StandbySilo) = (phase, phase.IsFinal() ? _time.GetUtcNow() : null, results, "");
                state.Conditions.Add(Condition(reason, message));
                return true;
            });
        }
        catch
        {
            // It has not ended, so it has its devices still.
            _devices = devices;
            throw;
        }
        if (!hasEnded)
            return;
        LogEnded(RunId, phase, message);
        StopTimers();
        _driving.Cancel();
        _instruments.OnLeft(RunId);
        _released = _releasing.Start(ending => ReleaseAsync(devices, phase, ending));
    }

    private async Task ReleaseAsync(ImmutableArray<string> devices, RunPhase phase, CancellationToken ending)
    {
        await ReleaseTrainersAsync(devices);
        // Also when a trainer did not answer: a server that stays would keep its memory, and the trainers that were not reached at work.
        await NotifyAsync(Server.StopAsync(writeCheckpoint: true).WaitAsync(ending));
        await NotifyAsync(Cluster.CloseRunAsync(RunId, phase));
        await _driving.EndAsync(ending);
    }

    /// <summary>Ends the work of devices that are not the run's any more.</summary>
    private Task ReleaseTrainersAsync(IEnumerable<string> devices) => Task.WhenAll(devices.Select(device =>
        NotifyAsync(GrainFactory.GetGrain<ITrainerGrain>(device).ReleaseAsync(RunId).WaitAsync(_liveness.ReleaseTimeout, _time))));

    /// <summary>A best-effort call: a device or server that cannot be reached is gone, and its work with it.</summary>
    private async Task NotifyAsync(Task call)
    {
        try
        {
            await call;
        }
        catch (Exception e) when (CallFailures.IsTransient(e) || e is OperationCanceledException)
        {
            LogReleaseLost(RunId, e.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Run {RunId} ended as {Phase}: {Message}")]
    private partial void LogEnded(string runId, RunPhase phase, string message);

    [LoggerMessage(2, LogLevel.Warning, "Run {RunId} could not notify everybody that works for it: {Reason}")]
    private partial void LogReleaseLost(string runId, string reason);

    [LoggerMessage(3, LogLevel.Warning, "Run {RunId} lost a call to a part of it; it asks again: {Reason}")]
    private partial void LogCallLost(string runId, string reason);

    [LoggerMessage(4, LogLevel.Information, "Run {RunId} deals {Shards} shards to {Devices}.")]
    private partial void LogDealt(string runId, int shards, string devices);

    [LoggerMessage(5, LogLevel.Error, "Run {RunId} cannot go on.")]
    private partial void LogCannotGoOn(Exception e, string runId);

    [LoggerMessage(6, LogLevel.Warning, "Run {RunId} was written by another activation; this one yields to it.")]
    private partial void LogSuperseded(string runId);
}
