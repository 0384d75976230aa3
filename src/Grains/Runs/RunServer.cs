using System.Collections.Immutable;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Grains.Devices;
using VaeCluster.Parameters.Architectures;
using VaeCluster.Parameters.Checkpoints;

namespace VaeCluster.Grains.Runs;

/// <summary>The parameter server of a run, as the run sees it: started where it is not, and reported in the run's conditions.</summary>
internal sealed class RunServer(RunSession session)
{
    /// <summary>Whether the conditions say where the parameter server of this session began.</summary>
    private bool _isStartReported;

    /// <summary>Whether this session has looked at the server already.</summary>
    private bool _isObserved;

    /// <summary>How far the run is. Starts the parameter server where it is not started.</summary>
    /// <param name="recorder">Knows which records are fetched and written.</param>
    /// <param name="devices">The devices that train: their silos may have partitions.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The status; null while the server is not there yet.</returns>
    public async Task<ParameterServerStatus?> ObserveAsync(
        RunRecorder recorder,
        IReadOnlyList<string> devices,
        CancellationToken cancellationToken)
    {
        var status = await StatusAsync(recorder, cancellationToken);
        var isStale = !_isObserved && status.Started && IsStale(status);
        if (isStale)
            session.Logger.LogStaleServer(session.RunId, status.Step);
        // What is left of the weights is of no use without the range that is lost; one whose silo is about to stop goes elsewhere, and loses no step.
        var isLost = status.LostPartitionSilo.Length > 0;
        if (isStale || isLost || HasLeavingPartition(status, devices))
        {
            await session.Server.StopAsync(writeCheckpoint: !isStale && !isLost, keepStandby: !isStale).WaitAsync(cancellationToken);
            status = new();
        }
        _isObserved = true;
        if (!status.Started)
        {
            _isStartReported = false;
            recorder.OnServerLost();
            await session.Server.StartAsync(session.Plan, session.State.StandbySilo, PartitionsOn(devices)).WaitAsync(cancellationToken);
            // With the records that a checkpoint or a standby brought back: the ledger may have none of them.
            status = await StatusAsync(recorder, cancellationToken);
            if (!status.Started)
                return null;
        }
        await ReportStartAsync(status);
        return status;
    }

    /// <summary>Reports once that checkpoints cannot be written, and once that they can again.</summary>
    public async Task ReportCheckpointsAsync(ParameterServerStatus status)
    {
        var last = session.State.Conditions.FindLast(condition => condition.Reason is RunReasons.CheckpointFailed or RunReasons.CheckpointRecovered);
        var isFailing = last?.Reason == RunReasons.CheckpointFailed;
        if (isFailing == status.CheckpointError.Length > 0)
            return;
        await (isFailing
            ? session.Store.AddConditionAsync(RunReasons.CheckpointRecovered, "Checkpoints can be written again.")
            : session.Store.AddConditionAsync(RunReasons.CheckpointFailed,
                $"{status.CheckpointError} Training continues. Free some space in the data directory."));
    }

    /// <summary>
    /// Whether the server is a left-over of the time before the run was on other silos: nobody stops a server whose run was lost. One that trained until
    /// now is never behind the newest checkpoint, which it wrote.
    /// </summary>
    private bool IsStale(ParameterServerStatus status) =>
        CheckpointFolder.StepsIn(session.Files.Checkpoints(session.RunId)) is [var newest, ..] && newest > status.Step;

    /// <summary>Whether a silo that has a partition has no device of the run any more.</summary>
    private bool HasLeavingPartition(ParameterServerStatus status, IReadOnlyList<string> devices) =>
        status.Owners.Select(DeviceId.SiloOf).Except(devices.Select(DeviceId.SiloOf)).Any(silo => silo != session.Silo);

    /// <summary>The keys of the partitions that a server which starts now works with.</summary>
    private ImmutableArray<string> PartitionsOn(IReadOnlyList<string> devices) => PartitionPlacement.Choose(
        session.RunId,
        session.Spec.Resources.ParameterServers,
        ModelLayout.Of(session.Spec, session.Plan.Data),
        session.Silo,
        [.. devices.Select(DeviceId.SiloOf).Distinct()],
        session.Spec.Resources.Standby == StandbyKind.Hot);

    private Task<ParameterServerStatus> StatusAsync(RunRecorder recorder, CancellationToken cancellationToken) =>
        session.Server.GetStatusAsync(recorder.FetchedStep, recorder.WrittenStep).WaitAsync(cancellationToken);

    /// <summary>Reports once where the parameter server began. A pass may be lost between its start and this, so the status carries all of it.</summary>
    private async Task ReportStartAsync(ParameterServerStatus status)
    {
        if (_isStartReported)
            return;
        var standby = session.State.StandbySilo;
        var lostAt = session.State.Progress.Step;
        // The step that was written last may be some seconds old, and so be none.
        var isRestart = lostAt > 0 || status.ResumedStep > (session.Plan.Origin?.Step ?? 0);
        if (session.State.ParameterCount != status.ParameterCount || isRestart || status.DamagedCheckpoints.Length > 0)
        {
            await session.Store.ChangeAsync(state =>
            {
                state.ParameterCount = status.ParameterCount;
                state.StandbySilo = status.StandbySilo;
                foreach (var damage in status.DamagedCheckpoints)
                    state.Conditions.Add(session.Store.Condition(RunReasons.CheckpointDamaged, damage));
                if (isRestart)
                    state.Conditions.Add(session.Store.Condition(
                        RunReasons.Replaying,
                        "The parameter server was started again. The run was at step "
                            + $"{Math.Max(lostAt, status.ResumedStep)}{(lostAt > status.ResumedStep ? "" : " or later")}; it continues from "
                            + $"{OriginOf(status, standby)}, to the same bits."));
            });
        }
        _isStartReported = true;
        // Only now: whoever started the server before this was written would have started it from the same standby.
        if (standby.Length > 0 && standby != status.StandbySilo)
            await session.Release.StopStandbyAsync(standby);
    }

    private static string OriginOf(ParameterServerStatus status, string standby) => status switch
    {
        { ResumedFromStandby: true } => $"step {status.ResumedStep}, which the standby on {standby} had followed",
        { ResumedStep: 0 } => "step 0",
        _ => $"the checkpoint of step {status.ResumedStep}",
    };
}
