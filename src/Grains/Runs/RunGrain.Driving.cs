using System.Collections.Immutable;
using Orleans.Runtime;
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
        catch (LedgerException e)
        {
            LogCannotGoOn(e, RunId);
            await EndAsync(RunPhase.Failed, RunReasons.LedgerContradicted, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The disk may come back, so the run waits for it; the log says what is wrong meanwhile.
            LogCallLost(e, RunId);
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
        var status = await Server.StartAsync(State.Plan!);
        var (lostAt, resumedAt) = (State.Progress.Step, status.ResumedStep);
        if (State.ParameterCount == status.ParameterCount && lostAt == 0 && status.DamagedCheckpoints.Length == 0)
            return status;
        await ChangeAsync(state =>
        {
            state.ParameterCount = status.ParameterCount;
            foreach (var damage in status.DamagedCheckpoints)
                state.Conditions.Add(Condition(RunReasons.CheckpointDamaged, damage));
            if (lostAt > 0)
                state.Conditions.Add(Condition(RunReasons.Replaying, $"The parameter server begins anew. The run was at step {lostAt}; the run goes on from {(resumedAt == 0 ? "step 0" : $"the checkpoint of step {resumedAt}")}, to the same bits."));
        });
        return status;
    }

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
        });
        if (grant.Devices.Length == 0)
            await WaitForDevicesAsync(grant.Message);
        else if (!grant.Devices.SequenceEqual(_devices))
            await DealAsync(grant.Devices);
        else
            await CheckTrainersAsync();
    }

    private async Task WaitForDevicesAsync(string message)
    {
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
        _devices = devices;
        await Task.WhenAll(ShardAssignment.Deal(_schedule.Shards, devices.Length).Select((shards, index) => AssignAsync(devices[index], shards)));
    }

    private Task AssignAsync(string device, ImmutableArray<int> shards) =>
        GrainFactory.GetGrain<ITrainerGrain>(device).AssignAsync(new TrainerAssignment { Plan = State.Plan!, Shards = shards, Dealing = State.Dealing });

    private async Task CheckTrainersAsync()
    {
        var dealt = ShardAssignment.Deal(_schedule!.Shards, _devices.Length);
        for (var i = 0; i < _devices.Length; i++)
        {
            var status = await GrainFactory.GetGrain<ITrainerGrain>(_devices[i]).GetStatusAsync();
            if (status.RunId == RunId && status.Activity == TrainerActivity.Failed)
            {
                await EndAsync(RunPhase.Failed, status.FaultReason, $"The trainer on {_devices[i]} gave up at step {status.Step}: {status.Fault}");
                return;
            }
            // A silo that came back under its name has forgotten its work.
            if (status.RunId != RunId || status.Dealing != State.Dealing)
                await AssignAsync(_devices[i], dealt[i]);
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
}
