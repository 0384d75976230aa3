using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Storage;
using VaeCluster.Contracts.Cluster;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Data;
using VaeCluster.Grains.Cluster;
using VaeCluster.Grains.Ledger;
using VaeCluster.Grains.Trainers;

namespace VaeCluster.Grains.Runs;

/// <summary>What drives a run: one pass, again and again until the run ends.</summary>
public sealed partial class RunGrain
{
    private DeviceLease? _lease;
    private IGrainTimer? _leaseTimer;
    private IGrainTimer? _passTimer;
    private DateTimeOffset _trainersCheckedAt;
    private TrainerCheck? _check;

    /// <summary>Completes when the shards are dealt anew.</summary>
    private TaskCompletionSource _dealtAnew = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The last step whose record was fetched, and is in the ledger. The metrics may be behind: their lines are means over steps.</summary>
    private long _fetchedStep;

    /// <summary>Whether the conditions say where the parameter server of this activation began.</summary>
    private bool _isServerReported;

    private async Task BeginDrivingAsync()
    {
        var (plan, path) = (State.Plan!, _files.Metrics(RunId));
        var spec = RunSpecReader.ReadCanonical(plan.SpecJson);
        var schedule = new TrainingSchedule(spec, plan.Data);
        _metrics = await Task.Run(() => new MetricsLog(path, spec.Logging.Every, schedule.StepCount, schedule.StepsPerEpoch));
        (_spec, _schedule, _fetchedStep) = (spec, schedule, _metrics.WrittenStep);
        (_finishing, _trainersCheckedAt, _check, _ledger, _collapse) = (null, default, null, null, null);
        _isServerReported = false;
        _driving = new();
        _lease = new DeviceLease(Cluster, RequestOf(spec), _liveness, _time, _logger);
        // A lease that expires gives devices that are in use to another run, so its renewal waits for nothing.
        _leaseTimer = this.RegisterGrainTimer(_ => RenewLeaseAsync(), new GrainTimerCreationOptions(TimeSpan.Zero, _liveness.RenewPeriod) { KeepAlive = true, Interleave = true });
        _passTimer = this.RegisterGrainTimer(_ => _driving.Start(DriveAsync), new GrainTimerCreationOptions(TimeSpan.Zero, _options.WatchPeriod) { KeepAlive = true });
    }

    private void StopTimers()
    {
        _leaseTimer?.Dispose();
        _passTimer?.Dispose();
        // A renewal that is under way may still want to hurry the pass.
        _passTimer = null;
    }

    private DeviceRequest RequestOf(RunSpec spec) => new()
    {
        RunId = RunId,
        Min = spec.Resources.Trainers.Min,
        Max = spec.Resources.Trainers.Max,
        Kind = spec.Resources.Device,
        Held = [],
        Silo = _silo.Name,
    };

    private async Task RenewLeaseAsync()
    {
        if (!State.Phase.IsActive())
            return;
        await _lease!.RenewAsync();
        // A change need not wait for the next pass.
        if (!_lease.Devices.SequenceEqual(_devices))
            _passTimer?.Change(TimeSpan.Zero, _options.WatchPeriod);
    }

    private async Task DriveAsync(CancellationToken driving)
    {
        if (!State.Phase.IsActive() || !_lease!.IsAnswered)
            return;
        try
        {
            if (_finishing is null)
                await ReconcileAsync(driving);
            else if (_finishing.IsCompleted)
                await EndFinishingAsync();
            else
                await FollowLeaseAsync();
        }
        catch (OperationCanceledException) when (driving.IsCancellationRequested || !State.Phase.IsActive())
        {
            // It was cancelled or paused, or the activation ends.
        }
        catch (InconsistentStateException)
        {
            // While a silo leaves, or is cut off, the run may be active elsewhere already. One of them must yield: the one that lags.
            LogSuperseded(RunId);
            StopTimers();
            _ = _releasing.Start(ending => NotifyAsync(Server.StopAsync(writeCheckpoint: false).WaitAsync(ending)));
            DeactivateOnIdle();
        }
        catch (Exception e) when (CallFailures.IsTransient(e))
        {
            LogCallLost(RunId, e.Message);
        }
        catch (LedgerException e)
        {
            LogCannotGoOn(e, RunId);
            await EndAsync(RunPhase.Failed, RunReasons.LedgerContradicted, e.Message);
        }
        catch (Exception e) when (CallFailures.StorageErrorIn(e) is { } error)
        {
            // The disk may come back, so the run waits for it and says meanwhile what is wrong.
            LogStorageRefused(RunId, error.Message);
            _storageFault = $"The data directory is not writable: {error.Message} Training goes on, and its results are written once that is possible; free some space.";
            Announce();
        }
        catch (Exception e)
        {
            LogCannotGoOn(e, RunId);
            await EndAsync(RunPhase.Failed, RunReasons.TrainerFailed, e.Message);
        }
    }

    private async Task ReconcileAsync(CancellationToken driving)
    {
        await FollowLeaseAsync();
        if (State.Phase != RunPhase.Running)
            return;
        var status = await StatusOfServerAsync(driving);
        if (!status.Started)
        {
            _isServerReported = false;
            _fetchedStep = _metrics!.WrittenStep;
            await Server.StartAsync(State.Plan!, State.StandbySilo).WaitAsync(driving);
            // With the records that a checkpoint or a standby brought back: the ledger may have none of them.
            status = await StatusOfServerAsync(driving);
            if (!status.Started)
                return;
        }
        await ReportServerAsync(status);
        await TakeProgressAsync(status);
        await MindLateTrainersAsync(status);
        await MindStandbyAsync(status);
        await ReportCheckpointsAsync(status.CheckpointFault);
        if (status.Fault.Length > 0)
            await EndAsync(RunPhase.Failed, RunReasons.NonFinite, status.Fault);
        else if (status.Step >= status.StepCount)
            await BeginFinishingAsync();
    }

    private Task<ParameterServerStatus> StatusOfServerAsync(CancellationToken driving) =>
        Server.GetStatusAsync(_fetchedStep, _metrics!.WrittenStep).WaitAsync(driving);

    /// <summary>Says once where the parameter server began. A pass may be lost between its start and this, so the status carries all that there is to say.</summary>
    private async Task ReportServerAsync(ParameterServerStatus status)
    {
        if (_isServerReported)
            return;
        var (standby, lostAt) = (State.StandbySilo, State.Progress.Step);
        // The step that was written last may be some seconds old, and so be none.
        var isAnew = lostAt > 0 || status.ResumedStep > (State.Plan!.Origin?.Step ?? 0);
        if (State.ParameterCount != status.ParameterCount || isAnew || status.DamagedCheckpoints.Length > 0)
        {
            await ChangeAsync(state =>
            {
                (state.ParameterCount, state.StandbySilo) = (status.ParameterCount, status.StandbySilo);
                foreach (var damage in status.DamagedCheckpoints)
                    state.Conditions.Add(Condition(RunReasons.CheckpointDamaged, damage));
                if (isAnew)
                    state.Conditions.Add(Condition(RunReasons.Replaying, $"The parameter server begins anew. The run was at step {Math.Max(lostAt, status.ResumedStep)}{(lostAt > status.ResumedStep ? "" : " or later")}; it goes on from {OriginOf(status, standby)}, to the same bits."));
            });
        }
        _isServerReported = true;
        // Only now: whoever began the server before this was written would have begun it from the same standby.
        if (standby.Length > 0 && standby != status.StandbySilo)
            await NotifyAsync(GrainFactory.GetGrain<IStandbyGrain>(DeviceId.Of(standby, RunId)).StopAsync().WaitAsync(_liveness.StandbyCallTimeout, _time));
    }

    private static string OriginOf(ParameterServerStatus status, string standby) => status switch
    {
        { ResumedFromStandby: true } => $"step {status.ResumedStep}, which the standby on {standby} had followed",
        { ResumedStep: 0 } => "step 0",
        _ => $"the checkpoint of step {status.ResumedStep}",
    };

    /// <summary>Says once that checkpoints cannot be written, and once that they can again.</summary>
    private async Task ReportCheckpointsAsync(string fault)
    {
        var last = State.Conditions.FindLast(condition => condition.Reason is RunReasons.CheckpointFailed or RunReasons.CheckpointRecovered);
        var isFailing = last?.Reason == RunReasons.CheckpointFailed;
        if (isFailing == fault.Length > 0)
            return;
        await ChangeAsync(state => state.Conditions.Add(isFailing
            ? Condition(RunReasons.CheckpointRecovered, "Checkpoints can be written again.")
            : Condition(RunReasons.CheckpointFailed, $"{fault} Training goes on; free some space in the data directory.")));
    }

    /// <summary>Takes what changed of the devices to the trainers; where nothing did, asks the trainers for their status now and then.</summary>
    private Task FollowLeaseAsync() => _lease!.Devices switch
    {
        { Length: 0 } => WaitForDevicesAsync(_lease.Message),
        var devices when !devices.SequenceEqual(_devices) => DealAsync(devices),
        _ => CheckTrainersAsync(),
    };

    private async Task WaitForDevicesAsync(string message)
    {
        // Their trainers would go on, and refuse to work for others meanwhile.
        var devices = _devices;
        _ = _releasing.Start(_ => ReleaseTrainersAsync(devices));
        _devices = [];
        var isKnown = State.Conditions[^1] is { Reason: RunReasons.WaitingForDevices } last && last.Message == message;
        if (State.Phase == RunPhase.Pending && isKnown)
            return;
        await ChangeAsync(state =>
        {
            state.Phase = RunPhase.Pending;
            state.Conditions.Add(Condition(RunReasons.WaitingForDevices, message));
        });
    }

    private async Task DealAsync(ImmutableArray<string> devices)
    {
        var isStart = State.Phase == RunPhase.Pending;
        var names = string.Join(", ", devices);
        await ChangeAsync(state =>
        {
            state.Dealing++;
            (state.Phase, state.StartedAt) = (RunPhase.Running, state.StartedAt ?? _time.GetUtcNow());
            state.Conditions.Add(isStart
                ? Condition(RunReasons.Started, $"Training on {names}.")
                : Condition(RunReasons.Reassigned, $"The shards were dealt anew at step {state.Progress.Step}, to {names}."));
        });
        LogDealt(RunId, _schedule!.Shards, names);
        // Most of them are gone; one that was only cut off for a while may come to others.
        var gone = _devices.Except(devices).ToList();
        _ = _releasing.Start(_ => ReleaseTrainersAsync(gone));
        _devices = devices;
        _dealt = ShardAssignment.Deal(_schedule.Shards, devices.Length);
        _late.Clear();
        _dealtAnew.SetResult();
        _dealtAnew = new(TaskCreationOptions.RunContinuationsAsynchronously);
        // What the change announced had the devices before.
        Announce();
        AssignAll();
    }

    /// <summary>Nothing waits for the answers: a device that is gone may give none, and the others are at work meanwhile.</summary>
    private void AssignAll()
    {
        foreach (var (index, device) in _devices.Index())
        {
            var shards = _dealt[index];
            _ = _driving.Start(_ => AssignAsync(device, shards));
        }
    }

    /// <summary>A device that is not reached now is assigned again when the trainers are checked.</summary>
    private async Task AssignAsync(string device, ImmutableArray<int> shards)
    {
        var assignment = new TrainerAssignment { Plan = State.Plan!, Shards = shards, Dealing = State.Dealing, Server = ServerKey };
        try
        {
            await GrainFactory.GetGrain<ITrainerGrain>(device).AssignAsync(assignment).WaitAsync(_liveness.AnswerTimeout, _time);
        }
        catch (Exception e) when (CallFailures.IsTransient(e))
        {
            LogCallLost(RunId, e.Message);
        }
    }

    /// <summary>Asks the trainers for their status once a period, and acts on the answers when they are there: one that hangs keeps nobody waiting.</summary>
    private async Task CheckTrainersAsync()
    {
        if (_check is { Statuses.IsCompleted: true } check)
        {
            _check = null;
            await ActOnAsync(check);
        }
        var now = _time.GetUtcNow();
        if (_check is not null || now - _trainersCheckedAt < _liveness.RenewPeriod)
            return;
        _trainersCheckedAt = now;
        _check = new(State.Dealing, _devices, Task.WhenAll(_devices.Select(StatusOfAsync)));
    }

    private async Task ActOnAsync(TrainerCheck check)
    {
        // The devices were dealt anew meanwhile: the next check asks those who train now.
        if (check.Dealing != State.Dealing)
            return;
        foreach (var (index, status) in (await check.Statuses).Index())
        {
            if (status is null)
                continue;
            if (status.RunId == RunId && status.Activity == TrainerActivity.Failed)
            {
                await EndAsync(RunPhase.Failed, status.FaultReason, $"The trainer on {check.Devices[index]} gave up at step {status.Step}, shards {string.Join(", ", _dealt[index])}: {status.Fault}");
                return;
            }
            // A silo that came back under its name has forgotten its work.
            if (status.RunId != RunId || status.Dealing != State.Dealing)
                await AssignAsync(check.Devices[index], _dealt[index]);
        }
    }

    /// <summary>How a trainer does; null when it does not say so in time.</summary>
    private async Task<TrainerStatus?> StatusOfAsync(string device)
    {
        try
        {
            return await GrainFactory.GetGrain<ITrainerGrain>(device).GetStatusAsync().WaitAsync(_liveness.AnswerTimeout, _time);
        }
        catch (Exception e) when (CallFailures.IsTransient(e))
        {
            // The cluster finds out whether it is gone; until then the others compute its shards too.
            LogCallLost(RunId, e.Message);
            return null;
        }
    }

    private sealed record TrainerCheck(long Dealing, ImmutableArray<string> Devices, Task<TrainerStatus?[]> Statuses);

    private async Task TakeProgressAsync(ParameterServerStatus status)
    {
        await WriteLedgerAsync(status);
        await _metrics!.AppendAsync(status.Records);
        await ReportCollapseAsync(status.Records);
        if (status.Records.Length > 0)
            _fetchedStep = status.Records[^1].Step;
        var progress = ProgressOf(status);
        if (progress == State.Progress)
            return;
        State.Progress = progress;
        _instruments.OnProgress(RunId, progress);
        var now = _time.GetUtcNow();
        if (now - _progressWrittenAt < _options.ProgressWritePeriod)
        {
            Announce();
            return;
        }
        _progressWrittenAt = now;
        await ChangeAsync(_ => { });
    }

    private RunProgress ProgressOf(ParameterServerStatus status)
    {
        var line = _metrics!.Latest;
        var nextStep = Math.Min(status.Step, status.StepCount - 1);
        return new()
        {
            Step = status.Step,
            StepCount = status.StepCount,
            Epoch = _schedule!.EpochOf(nextStep) + 1,
            EpochCount = _schedule.Epochs,
            Elbo = line?.Elbo ?? 0,
            Reconstruction = line?.Reconstruction ?? 0,
            Kl = line?.Kl ?? 0,
            Beta = line?.Beta ?? 0,
            LearningRate = line?.LearningRate ?? 0,
            StepsPerSecond = line is { StepSeconds: > 0 } ? 1 / line.StepSeconds : 0,
            SamplesPerSecond = line?.SamplesPerSecond ?? 0,
            Samples = line?.Samples ?? 0,
            SkippedSteps = _metrics.SkippedSteps,
            IsCollapsed = _collapse?.IsCollapsed ?? false,
        };
    }

    [LoggerMessage(9, LogLevel.Warning, "Run {RunId} could not write to the data directory; it tries again: {Reason}")]
    private partial void LogStorageRefused(string runId, string reason);
}
