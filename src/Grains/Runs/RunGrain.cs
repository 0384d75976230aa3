using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Orleans.Storage;
using VaeCluster.Contracts.Cluster;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data;
using VaeCluster.Grains.Devices;
using VaeCluster.Grains.Storage;

namespace VaeCluster.Grains.Runs;

/// <summary>
/// One run; the key is its id. Plan, phase and conditions survive deactivation; who trains what is found out again. While the run is active two timers drive
/// it: one renews its device lease, whatever else is slow; the other runs the passes of <see cref="RunReconciler"/>.
/// </summary>
public sealed class RunGrain : Grain, IRunGrain
{
    private readonly IPersistentState<RunState> _state;
    private readonly RunServices _services;

    // Memory only; made when the grain is activated.
    private RunStateStore _store = null!;
    private RunRelease _release = null!;

    // Memory only; what drives the run while it is active.
    private RunSession? _session;
    private RunReconciler? _reconciler;
    private PeriodicEvaluations? _evaluations;
    private IGrainTimer? _leaseTimer;
    private IGrainTimer? _passTimer;

    /// <summary>For the runtime.</summary>
    public RunGrain(
        [PersistentState(FileGrainStorage.RunStateName, FileGrainStorage.Name)] IPersistentState<RunState> state,
        RunServices services)
    {
        _state = state;
        _services = services;
    }

    private string RunId => this.GetPrimaryKeyString();

    private RunPhase Phase => _store.State.Phase;

    private IClusterGrain Cluster => GrainFactory.GetGrain<IClusterGrain>(IClusterGrain.TheKey);

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _store = new RunStateStore(RunId, _state, _services.Time);
        _release = new RunRelease(RunId, _services, GrainFactory);
        if (_store.Snapshot is not null && Phase.IsActive())
            BeginSession();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _services.Instruments.OnLeft(RunId);
        StopTimers();
        if (_session is not null)
            await _session.Work.EndAsync(cancellationToken);
        await _release.EndAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<RunAnswer> SubmitAsync(RunPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (_store.Snapshot is { } known)
        {
            return _store.State.Plan == plan
                ? RunAnswer.Accept(known)
                : RunAnswer.NotAllowed($"Run {RunId} exists already, with another spec or other data; submit under another name.");
        }
        await _store.TryWriteAsync(_ => true, state => RunConditions.OnSubmitted(state, plan, _services.Time.GetUtcNow()));
        BeginSession();
        return RunAnswer.Accept(_store.Snapshot!);
    }

    /// <inheritdoc/>
    public Task<RunSnapshot?> GetAsync() => Task.FromResult(_store.Snapshot);

    /// <inheritdoc/>
    public async IAsyncEnumerable<RunSnapshot> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (_store.Snapshot is { } snapshot)
        {
            var next = _store.NextSnapshot;
            yield return snapshot;
            if (snapshot.Phase.IsFinal())
                yield break;
            await next.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task<RunAnswer> CancelAsync(string who) => AnswerAsync(
        refusal: null,
        () => EndAsync(new(RunPhase.Cancelled, RunReasons.CancelRequested, $"The run was cancelled by {who} at step {_store.State.Progress.Step}.")));

    /// <inheritdoc/>
    public Task<RunAnswer> PauseAsync(string who) => AnswerAsync(
        RunTransitions.PauseRefusal(RunId, Phase, _reconciler is { IsFinalizing: true }),
        () => EndAsync(new(RunPhase.Paused, RunReasons.Paused, $"The run was paused by {who} at step {_store.State.Progress.Step}.")));

    /// <inheritdoc/>
    public Task<RunAnswer> ResumeAsync(string who) => AnswerAsync(
        RunTransitions.ResumeRefusal(RunId, Phase),
        () => BeginAgainAsync(RunReasons.Resumed, $"The run was resumed by {who}."));

    /// <inheritdoc/>
    public Task<RunAnswer> RetryAsync(string who) => AnswerAsync(
        RunTransitions.RetryRefusal(RunId, Phase),
        () => BeginAgainAsync(RunReasons.Retried, $"The run was retried by {who}; it continues from its newest checkpoint."));

    /// <inheritdoc/>
    public async Task ReactivateAsync()
    {
        // A run that was never submitted, because its gateway died in between, or that has ended or is paused, has nothing to go on with.
        if (_store.Snapshot is null || !Phase.IsActive())
            await Cluster.CloseRunAsync(RunId, _store.Snapshot is null ? RunPhase.Cancelled : Phase);
    }

    /// <inheritdoc/>
    public Task ReportEvaluationAsync(long step, ImmutableArray<ShardEvaluation> shards) =>
        // A run that has ended or was paused meanwhile has no use for it.
        _evaluations is not null && Phase.IsActive() ? _evaluations.TakeAsync(step, shards) : Task.CompletedTask;

    /// <summary>Carries a request out, unless there is no such run or its phase refuses.</summary>
    private async Task<RunAnswer> AnswerAsync(string? refusal, Func<Task> request)
    {
        if (_store.Snapshot is null)
            return RunAnswer.NotFound(RunId);
        if (refusal is not null)
            return RunAnswer.NotAllowed(refusal);
        await request();
        return RunAnswer.Accept(_store.Snapshot);
    }

    private async Task BeginAgainAsync(string reason, string message)
    {
        // What ended the run before may still write its last checkpoint and its results: two writers must not meet.
        await _release.Completed;
        // The registry first: if this silo dies in between, the run is reactivated and closes itself again.
        await Cluster.ReopenRunAsync(RunId);
        await _store.TryWriteAsync(
            phase => RunTransitions.IsAllowed(phase, RunPhase.Pending),
            state =>
            {
                state.Phase = RunPhase.Pending;
                state.EndedAt = null;
                state.Results = null;
                state.Conditions.Add(_store.Condition(reason, message));
            });
        BeginSession();
    }

    private void BeginSession()
    {
        var plan = _store.State.Plan!;
        var spec = RunSpecReader.ReadCanonical(plan.SpecJson);
        var session = new RunSession
        {
            Services = _services,
            Plan = plan,
            Spec = spec,
            Schedule = new TrainingSchedule(spec, plan.Data),
            Store = _store,
            Grains = GrainFactory,
            Release = _release,
        };
        var lease = new DeviceLease(Cluster, session.DeviceRequest, _services.Liveness, _services.Time, _services.Logger);
        _session = session;
        _reconciler = new RunReconciler(session, lease);
        _evaluations = new PeriodicEvaluations(session);
        // A lease that expires gives devices that are in use to another run, so its renewal waits for nothing.
        var renewal = new GrainTimerCreationOptions(TimeSpan.Zero, _services.Liveness.RenewPeriod) { KeepAlive = true, Interleave = true };
        _leaseTimer = this.RegisterGrainTimer(_ => RenewAsync(lease), renewal);
        var pass = new GrainTimerCreationOptions(TimeSpan.Zero, _services.Options.ReconcilePeriod) { KeepAlive = true };
        _passTimer = this.RegisterGrainTimer(_ => session.Work.Start(ReconcileAsync), pass);
    }

    private async Task RenewAsync(DeviceLease lease)
    {
        if (!Phase.IsActive())
            return;
        await lease.RenewAsync();
        // A change need not wait for the next pass.
        if (!lease.Devices.SequenceEqual(_store.Devices))
            _passTimer?.Change(TimeSpan.Zero, _services.Options.ReconcilePeriod);
    }

    private async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await _reconciler!.ReconcileAsync(cancellationToken) is { } outcome)
                await EndAsync(outcome);
        }
        catch (InconsistentStateException)
        {
            // While a silo leaves, or is cut off, the run may be active elsewhere already. One of them must yield: the one that lags.
            _services.Logger.LogSuperseded(RunId);
            StopTimers();
            _release.ServerOfLateActivation();
            DeactivateOnIdle();
        }
        catch (Exception e) when (CallFailures.StorageErrorIn(e) is { } error)
        {
            // The end could not be written: the next pass comes to the same end.
            _services.Logger.LogNotWritable(RunId, error.Message);
        }
    }

    /// <summary>Ends or pauses the run: first on disk, then for those who work for it. Does nothing where the phase does not allow it.</summary>
    private async Task EndAsync(RunOutcome outcome)
    {
        var devices = _store.Devices;
        var hasEnded = await _store.TryWriteAsync(
            phase => RunTransitions.IsAllowed(phase, outcome.Phase),
            state =>
            {
                state.Phase = outcome.Phase;
                state.EndedAt = outcome.Phase.IsFinal() ? _services.Time.GetUtcNow() : null;
                state.Results = outcome.Results;
                state.StandbySilo = "";
                state.Conditions.Add(_store.Condition(outcome.Reason, outcome.Message));
            },
            devices: []);
        if (!hasEnded)
            return;
        _services.Logger.LogEnded(RunId, outcome.Phase, outcome.Message);
        StopTimers();
        _session?.Work.Cancel();
        _services.Instruments.OnLeft(RunId);
        _release.Everything(devices, outcome.Phase, _session?.Work);
    }

    private void StopTimers()
    {
        _leaseTimer?.Dispose();
        _passTimer?.Dispose();
        // A renewal that is under way may still want to hurry the pass.
        _passTimer = null;
    }
}
