using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Storage;
using VaeCluster.Contracts.Cluster;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Grains.Ledger;

namespace VaeCluster.Grains.Runs;

/// <summary>What the timer does: one look around, again and again until the run ends.</summary>
public sealed partial class RunGrain
{
    private async Task DriveAsync()
    {
        if (!State.Phase.IsActive())
            return;
        try
        {
            if (_finishing is null)
                await LookAroundAsync();
            else if (_finishing.IsCompleted)
                await EndFinishingAsync();
            else
                await RenewDevicesAsync();
        }
        catch (InconsistentStateException e)
        {
            // While a silo leaves, or is cut off, the run may be active elsewhere already. One of them must yield: the one that lags.
            LogSuperseded(e, RunId);
            _timer?.Dispose();
            DeactivateOnIdle();
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            LogCallLost(e, RunId);
        }
        catch (Exception e) when (!State.Phase.IsActive())
        {
            // It has ended, and that is written; whoever was not told finds out, and the book wakes it so that it closes itself again.
            LogReleaseLost(e, RunId);
        }
        catch (LedgerException e)
        {
            LogCannotGoOn(e, RunId);
            await EndAsync(RunPhase.Failed, RunReasons.LedgerContradicted, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The disk may come back, so the run waits for it and says meanwhile what is wrong.
            LogStorageRefused(e, RunId);
            _storageFault = $"The data directory takes nothing: {e.Message} Training goes on, and what it comes to is told when it can be written; free some space.";
            Announce();
        }
        catch (Exception e)
        {
            LogCannotGoOn(e, RunId);
            await EndAsync(RunPhase.Failed, RunReasons.TrainerFailed, e.Message);
        }
    }

    private async Task LookAroundAsync()
    {
        await RenewDevicesAsync();
        if (State.Phase != RunPhase.Running)
            return;
        var status = await Server.GetStatusAsync(_fetchedStep, _metrics!.WrittenStep);
        if (!status.Started)
            status = await StartServerAsync();
        await TakeProgressAsync(status);
        await MindLateTrainersAsync(status);
        await MindStandbyAsync(status);
        await TellOfCheckpointsAsync(status.CheckpointFault);
        if (status.Fault.Length > 0)
            await EndAsync(RunPhase.Failed, RunReasons.NonFinite, status.Fault);
        else if (status.Step >= status.StepCount)
            await BeginFinishingAsync();
    }

    /// <summary>The last step whose record was fetched, and is in the ledger. The metrics may be behind: their lines are means over steps.</summary>
    private long _fetchedStep;

    private async Task<ParameterServerStatus> StartServerAsync()
    {
        _fetchedStep = _metrics!.WrittenStep;
        var standby = State.StandbySilo;
        var status = await Server.StartAsync(State.Plan!, standby);
        var lostAt = State.Progress.Step;
        // The step that was written last may be some seconds old, and so be none.
        var isAnew = lostAt > 0 || status.ResumedStep > (State.Plan!.Origin?.Step ?? 0);
        if (State.ParameterCount == status.ParameterCount && !isAnew && status.DamagedCheckpoints.Length == 0)
            return status;
        await ChangeAsync(state =>
        {
            (state.ParameterCount, state.StandbySilo) = (status.ParameterCount, status.StandbySilo);
            foreach (var damage in status.DamagedCheckpoints)
                state.Conditions.Add(Condition(RunReasons.CheckpointDamaged, damage));
            if (isAnew)
                state.Conditions.Add(Condition(RunReasons.Replaying, $"The parameter server begins anew. The run was at step {Math.Max(lostAt, status.ResumedStep)}{(lostAt > status.ResumedStep ? "" : " or later")}; it goes on from {OriginOf(status, standby)}, to the same bits."));
        });
        return status;
    }

    private static string OriginOf(ParameterServerStatus status, string standby) => status switch
    {
        { ResumedFromStandby: true } => $"step {status.ResumedStep}, which the standby on {standby} had followed",
        { ResumedStep: 0 } => "step 0",
        _ => $"the checkpoint of step {status.ResumedStep}",
    };

    /// <summary>Says once that checkpoints cannot be written, and once that they can again.</summary>
    private async Task TellOfCheckpointsAsync(string fault)
    {
        var last = State.Conditions.FindLast(condition => condition.Reason is RunReasons.CheckpointFailed or RunReasons.CheckpointRecovered);
        var isFailing = last?.Reason == RunReasons.CheckpointFailed;
        if (isFailing == fault.Length > 0)
            return;
        await ChangeAsync(state => state.Conditions.Add(isFailing
            ? Condition(RunReasons.CheckpointRecovered, "Checkpoints can be written again.")
            : Condition(RunReasons.CheckpointFailed, $"{fault} Training goes on; free some space in the data directory.")));
    }

    /// <summary>Once a second: keeps the devices, takes what changed of them to the trainers, and hears how they do.</summary>
    private async Task RenewDevicesAsync()
    {
        var now = _time.GetUtcNow();
        if (now - _trainersCheckedAt < _options.TrainerCheckPeriod)
            return;
        _trainersCheckedAt = now;
        var trainers = _spec!.Resources.Trainers;
        var grant = await Cluster.RequestDevicesAsync(new DeviceRequest
        {
            RunId = RunId,
            Min = trainers.Min,
            Max = trainers.Max,
            Kind = _spec.Resources.Device,
            Held = _devices,
            Silo = _silo.Name,
        }).WaitAsync(_options.AnswerPatience, _time);
        if (grant.Devices.Length == 0)
            await WaitForDevicesAsync(grant.Message);
        else if (!grant.Devices.SequenceEqual(_devices))
            await DealAsync(grant.Devices);
        else
            await CheckTrainersAsync();
    }

    private async Task WaitForDevicesAsync(string message)
    {
        // Their trainers would go on, and refuse to work for others meanwhile.
        _ = ReleaseTrainersAsync(_devices);
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
        _ = ReleaseTrainersAsync(_devices.Except(devices));
        _devices = devices;
        _dealt = ShardAssignment.Deal(_schedule.Shards, devices.Length);
        _late.Clear();
        _dealtAnew.SetResult();
        _dealtAnew = new(TaskCreationOptions.RunContinuationsAsynchronously);
        // What the change announced had the devices before.
        Announce();
        await AssignAllAsync();
    }

    private Task AssignAllAsync() => Task.WhenAll(_devices.Select((device, index) => AssignAsync(device, _dealt[index])));

    /// <summary>Whoever does not hear it now is told again when the trainers are checked.</summary>
    private async Task AssignAsync(string device, ImmutableArray<int> shards)
    {
        var assignment = new TrainerAssignment { Plan = State.Plan!, Shards = shards, Dealing = State.Dealing };
        try
        {
            await GrainFactory.GetGrain<ITrainerGrain>(device).AssignAsync(assignment).WaitAsync(_options.AnswerPatience, _time);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            LogCallLost(e, RunId);
        }
    }

    private async Task CheckTrainersAsync()
    {
        var devices = _devices;
        var statuses = await Task.WhenAll(devices.Select(StatusOfAsync));
        for (var i = 0; i < devices.Length; i++)
        {
            if (statuses[i] is not { } status)
                continue;
            if (status.RunId == RunId && status.Activity == TrainerActivity.Failed)
            {
                await EndAsync(RunPhase.Failed, status.FaultReason, $"The trainer on {devices[i]} gave up at step {status.Step}, shards {string.Join(", ", _dealt[i])}: {status.Fault}");
                return;
            }
            // A silo that came back under its name has forgotten its work.
            if (status.RunId != RunId || status.Dealing != State.Dealing)
                await AssignAsync(devices[i], _dealt[i]);
        }
    }

    /// <summary>How a trainer does; null when it does not say so within the patience.</summary>
    private async Task<TrainerStatus?> StatusOfAsync(string device)
    {
        try
        {
            return await GrainFactory.GetGrain<ITrainerGrain>(device).GetStatusAsync().WaitAsync(_options.AnswerPatience, _time);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            // The cluster's book finds out whether it is gone; until then the others compute its shards too.
            LogCallLost(e, RunId);
            return null;
        }
    }

    private async Task TakeProgressAsync(ParameterServerStatus status)
    {
        await WriteLedgerAsync(status);
        await _metrics!.AppendAsync(status.Records);
        await TellOfCollapseAsync(status.Records);
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

    [LoggerMessage(9, LogLevel.Warning, "Run {RunId} could not write to the data directory; it tries again.")]
    private partial void LogStorageRefused(Exception e, string runId);
}
