using System.Collections.Immutable;
using System.Globalization;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Grains.Devices;

namespace VaeCluster.Grains.Runs;

/// <summary>The trainers of a run: assigns the shards to the devices that the cluster leases to it, and checks that they are at work.</summary>
internal sealed class TrainerFleet
{
    private readonly RunSession _session;
    private readonly StragglerPolicy _stragglers;
    private readonly AsyncSignal _reassigned = new();

    /// <summary>The shards of each device, those that it computes for a straggler included.</summary>
    private ImmutableArray<ImmutableArray<int>> _shards = [];

    /// <summary>The keys of the parameter server's partitions.</summary>
    private ImmutableArray<string> _partitions = [];

    private DateTimeOffset _checkedAt;
    private TrainerCheck? _check;

    public TrainerFleet(RunSession session)
    {
        _session = session;
        _stragglers = new StragglerPolicy(session.Options, session.Spec.Resources.Trainers.BackupAfter);
    }

    /// <summary>The devices that train.</summary>
    public ImmutableArray<string> Devices => _session.Store.Devices;

    /// <summary>Reassigns the shards where the leased devices changed; otherwise checks the trainers now and then.</summary>
    /// <returns>How the run ends, where a trainer cannot go on; null otherwise.</returns>
    public async Task<RunOutcome?> FollowAsync(DeviceLease lease)
    {
        if (lease.Devices.Length == 0)
            await WaitForDevicesAsync(lease.Message);
        else if (!lease.Devices.SequenceEqual(Devices))
            await AssignAsync(lease.Devices);
        else
            return await CheckAsync();
        return null;
    }

    /// <summary>Lets the trainers know who owns which part of the weights, where that has changed.</summary>
    public async Task FollowServerAsync(ParameterServerStatus status)
    {
        ImmutableArray<string> partitions = [.. status.Owners.SkipLast(1)];
        // A request that ended or paused the run while the pass waited took the devices away.
        if (partitions.SequenceEqual(_partitions) || Devices.Length == 0)
            return;
        await _session.Store.ChangeAsync(state => state.AssignmentVersion++);
        _partitions = partitions;
        AssignAll();
    }

    /// <summary>Has the shards of stragglers computed by the other trainers too.</summary>
    public async Task BackUpStragglersAsync(ParameterServerStatus status)
    {
        // A request that ended or paused the run while the pass waited took them away.
        if (Devices.Length == 0)
            return;
        var own = ShardAssignment.Divide(_session.Schedule.Shards, Devices.Length);
        if (_stragglers.Update(status, Devices, own, _session.Time.GetUtcNow()) is not { } late)
            return;
        await _session.Store.ChangeAsync(state =>
        {
            state.AssignmentVersion++;
            if (late.Count > 0 && state.Conditions[^1].Reason != RunReasons.BackedUp)
                state.Conditions.Add(_session.Store.Condition(RunReasons.BackedUp, string.Create(CultureInfo.InvariantCulture,
                    $"{string.Join(", ", late)} kept step {status.Step} waiting for {status.StepAge:F1} s; the other trainers compute shards "
                        + $"{string.Join(", ", status.MissingShards)} too, for a while.")));
        });
        _shards = ShardAssignment.WithBackup(own, [.. Devices.Select(_stragglers.IsStraggler)]);
        _session.Logger.LogBackedUp(_session.RunId, string.Join(", ", _stragglers.Stragglers), status.Step);
        AssignAll();
    }

    /// <summary>The answer of a device, as long as it is the run's: a call to one that is gone must not be awaited until it times out.</summary>
    /// <exception cref="OperationCanceledException">The shards were reassigned, or the session ends.</exception>
    public async Task<T> WhileAssignedAsync<T>(Task<T> call, CancellationToken cancellationToken)
    {
        await Task.WhenAny(call, _reassigned.Next).WaitAsync(cancellationToken);
        return call.IsCompleted ? await call : throw new OperationCanceledException("The shards were reassigned meanwhile.");
    }

    /// <summary>The devices, once each of them holds the weights of the last step.</summary>
    /// <exception cref="TimeoutException">They do not within the time that the options give.</exception>
    public async Task<ImmutableArray<string>> AwaitFinalWeightsAsync(CancellationToken cancellationToken)
    {
        var deadline = _session.Time.GetUtcNow() + _session.Options.FinalWeightsTimeout;
        while (true)
        {
            var devices = Devices;
            var statuses = await Task.WhenAll(devices.Select(StatusOfAsync));
            if (devices.Length > 0 && Array.TrueForAll(statuses, status => status?.RunId == _session.RunId && status.Activity == TrainerActivity.Finished))
                return devices;
            if (_session.Time.GetUtcNow() > deadline)
                throw new TimeoutException(
                    $"The trainers of run {_session.RunId} did not fetch the final weights within "
                        + $"{_session.Options.FinalWeightsTimeout.TotalSeconds:F0} seconds.");
            await Task.Delay(_session.Options.ReconcilePeriod / 4, _session.Time, cancellationToken);
        }
    }

    private async Task WaitForDevicesAsync(string message)
    {
        // Their trainers would go on, and refuse to work for others meanwhile.
        _session.Release.Trainers(Devices);
        var isKnown = _session.State.Conditions[^1] is { Reason: RunReasons.WaitingForDevices } last && last.Message == message;
        if (_session.State.Phase == RunPhase.Pending && isKnown)
            return;
        await _session.Store.ChangeAsync(
            state =>
            {
                state.Phase = RunPhase.Pending;
                state.Conditions.Add(_session.Store.Condition(RunReasons.WaitingForDevices, message));
            },
            devices: []);
    }

    private async Task AssignAsync(ImmutableArray<string> devices)
    {
        var isStart = _session.State.Phase == RunPhase.Pending;
        var names = string.Join(", ", devices);
        // Most of them are gone; one that was only cut off for a while may come to others.
        var gone = Devices.Except(devices).ToList();
        await _session.Store.ChangeAsync(
            state =>
            {
                state.AssignmentVersion++;
                state.Phase = RunPhase.Running;
                state.StartedAt ??= _session.Time.GetUtcNow();
                state.Conditions.Add(isStart
                    ? _session.Store.Condition(RunReasons.Started, $"Training on {names}.")
                    : _session.Store.Condition(RunReasons.Reassigned, $"The shards were reassigned at step {state.Progress.Step}, to {names}."));
            },
            devices);
        _session.Logger.LogAssigned(_session.RunId, _session.Schedule.Shards, names);
        _session.Release.Trainers(gone);
        _shards = ShardAssignment.Divide(_session.Schedule.Shards, devices.Length);
        _stragglers.Clear();
        _reassigned.Set();
        AssignAll();
    }

    /// <summary>Nothing waits for the answers: a device that is gone may give none, and the others are at work meanwhile.</summary>
    private void AssignAll()
    {
        foreach (var (index, device) in Devices.Index())
        {
            var shards = _shards[index];
            _ = _session.Work.Start(_ => AssignAsync(device, shards));
        }
    }

    /// <summary>A device that is not reached now is assigned again when the trainers are checked.</summary>
    private async Task AssignAsync(string device, ImmutableArray<int> shards)
    {
        var assignment = new TrainerAssignment
        {
            Plan = _session.Plan,
            Shards = shards,
            Version = _session.State.AssignmentVersion,
            Server = _session.ServerKey,
            SiloShards = ShardAssignment.OfSilo(device, Devices, _shards),
            Partitions = _partitions,
        };
        try
        {
            await _session.Grains.GetGrain<ITrainerGrain>(device).AssignAsync(assignment).WaitAsync(_session.Liveness.AnswerTimeout, _session.Time);
        }
        catch (Exception e) when (CallFailures.IsTransient(e))
        {
            _session.Logger.LogCallLost(_session.RunId, e.Message);
        }
    }

    /// <summary>Asks the trainers for their status once a period, and acts on the answers when they are there: one that hangs keeps nobody waiting.</summary>
    private async Task<RunOutcome?> CheckAsync()
    {
        if (_check is { Statuses.IsCompleted: true } check)
        {
            _check = null;
            if (await ActOnAsync(check) is { } outcome)
                return outcome;
        }
        var now = _session.Time.GetUtcNow();
        if (_check is not null || now - _checkedAt < _session.Liveness.RenewPeriod)
            return null;
        _checkedAt = now;
        _check = new(_session.State.AssignmentVersion, Devices, Task.WhenAll(Devices.Select(StatusOfAsync)));
        return null;
    }

    private async Task<RunOutcome?> ActOnAsync(TrainerCheck check)
    {
        // The shards were reassigned meanwhile: the next check asks those who train now.
        if (check.Version != _session.State.AssignmentVersion)
            return null;
        foreach (var (index, status) in (await check.Statuses).Index())
        {
            if (status is null)
                continue;
            if (status.RunId == _session.RunId && status.Activity == TrainerActivity.Failed)
                return RunOutcome.Failed(status.ErrorReason,
                    $"The trainer on {check.Devices[index]} failed at step {status.Step}, shards {string.Join(", ", _shards[index])}: {status.Error}");
            // A silo that came back under its name has forgotten its work.
            if (status.RunId != _session.RunId || status.AssignmentVersion != _session.State.AssignmentVersion)
                await AssignAsync(check.Devices[index], _shards[index]);
        }
        return null;
    }

    /// <summary>The status of a trainer; null when it does not answer in time.</summary>
    private async Task<TrainerStatus?> StatusOfAsync(string device)
    {
        try
        {
            return await _session.Grains.GetGrain<ITrainerGrain>(device).GetStatusAsync().WaitAsync(_session.Liveness.AnswerTimeout, _session.Time);
        }
        catch (Exception e) when (CallFailures.IsTransient(e))
        {
            // The cluster finds out whether it is gone; until then the others compute its shards too.
            _session.Logger.LogCallLost(_session.RunId, e.Message);
            return null;
        }
    }

    private sealed record TrainerCheck(long Version, ImmutableArray<string> Devices, Task<TrainerStatus?[]> Statuses);
}
