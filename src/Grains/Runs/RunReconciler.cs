using Orleans.Storage;
using VaeCluster.Contracts.Runs;
using VaeCluster.Grains.Devices;
using VaeCluster.Grains.Evaluations;
using VaeCluster.Grains.Ledger;

namespace VaeCluster.Grains.Runs;

/// <summary>
/// Drives a run: one pass after another, until the run ends. A pass looks at what is there and does what is missing; everything that it asks of others may be
/// asked twice, so after a loss the next pass simply asks again.
/// </summary>
internal sealed class RunReconciler
{
    private readonly RunSession _session;
    private readonly DeviceLease _lease;
    private readonly TrainerFleet _fleet;
    private readonly RunServer _server;
    private readonly StandbyKeeper _standby;

    /// <summary>Opened by the first pass: a disk that is not readable just then is waited for.</summary>
    private RunRecorder? _recorder;

    private RunFinalizer? _finalizer;

    public RunReconciler(RunSession session, DeviceLease lease)
    {
        _session = session;
        _lease = lease;
        _fleet = new TrainerFleet(session);
        _server = new RunServer(session);
        _standby = new StandbyKeeper(session);
    }

    /// <summary>Whether every step is applied, and the model is being evaluated and written.</summary>
    public bool IsFinalizing => _finalizer is { IsUnderWay: true };

    /// <summary>One pass. What fails for a moment is logged and left to the next one.</summary>
    /// <returns>How the run ends; null while it goes on.</returns>
    /// <exception cref="InconsistentStateException">The run is active on another silo too, and that one is ahead.</exception>
    public async Task<RunOutcome?> ReconcileAsync(CancellationToken cancellationToken)
    {
        if (!_session.State.Phase.IsActive() || !_lease.IsAnswered)
            return null;
        try
        {
            return await PassAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested || !_session.State.Phase.IsActive())
        {
            // It was cancelled or paused, or the activation ends.
            return null;
        }
        catch (InconsistentStateException)
        {
            // It would pass for a lost call below; the grain yields.
            throw;
        }
        catch (Exception e) when (CallFailures.IsTransient(e))
        {
            _session.Logger.LogCallLost(_session.RunId, e.Message);
            return null;
        }
        catch (LedgerException e)
        {
            _session.Logger.LogCannotGoOn(e, _session.RunId);
            return RunOutcome.Failed(RunReasons.LedgerContradicted, e.Message);
        }
        catch (Exception e) when (CallFailures.FormatErrorIn(e) is { } error)
        {
            _session.Logger.LogCannotGoOn(e, _session.RunId);
            return RunOutcome.Failed(RunReasons.StorageFailed, error.Message);
        }
        catch (Exception e) when (CallFailures.StorageErrorIn(e) is { } error)
        {
            // The disk may come back, so the run waits for it and says meanwhile what is wrong.
            _session.Logger.LogNotWritable(_session.RunId, error.Message);
            _session.Store.PublishStorageError(
                $"The data directory is not writable: {error.Message} Training continues, and its results are written when the directory "
                    + "is writable again. Free some space.");
            return null;
        }
        catch (Exception e)
        {
            _session.Logger.LogCannotGoOn(e, _session.RunId);
            return RunOutcome.Failed(RunReasons.TrainerFailed, e.Message);
        }
    }

    private async Task<RunOutcome?> PassAsync(CancellationToken cancellationToken)
    {
        // 1. The end: once every step is applied, all that is left is to wait for the finalizer.
        if (_finalizer is { } finalizer && finalizer.IsUnderWay && await finalizer.TakeOutcomeAsync() is { } end)
            return end;

        // 2. Devices: follow the lease. Without devices there is nothing else to do.
        if (await _fleet.FollowAsync(_lease) is { } failure)
            return failure;
        if (_session.State.Phase != RunPhase.Running || IsFinalizing)
            return null;

        // 3. The parameter server: start it where it is not, and observe how far it is.
        _recorder ??= await RunRecorder.OpenAsync(_session);
        if (await _server.ObserveAsync(_recorder, _fleet.Devices, cancellationToken) is not { } status)
            return null;
        await _fleet.FollowServerAsync(status);

        // 4. Records: what was computed goes into the ledger, then into the metrics, then into the progress.
        await _recorder.RecordAsync(status);

        // 5. Stragglers: the others compute their shards too.
        await _fleet.BackUpStragglersAsync(status);

        // 6. The standby, where the spec asks for one.
        await _standby.EnsureAsync(status);

        // 7. Checkpoints: report when they cannot be written, and when they can again.
        await _server.ReportCheckpointsAsync(status);

        // 8. Decide: diverged, complete, or on to the next pass.
        if (status.Error.Length > 0)
            return RunOutcome.Failed(RunReasons.NonFinite, status.Error);
        if (status.Step < status.StepCount)
            return null;
        _finalizer ??= new RunFinalizer(_session, _fleet, _recorder, new ShardEvaluations(_session.Grains, _session.Liveness, _session.Time, _session.Logger));
        await _finalizer.BeginAsync();
        return null;
    }
}
