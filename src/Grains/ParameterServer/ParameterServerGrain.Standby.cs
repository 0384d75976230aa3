using Microsoft.Extensions.Logging;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Parameters.Checkpoints;

namespace VaeCluster.Grains.ParameterServer;

/// <summary>The standby that follows this server, where the run has one: how it begins, and what it is given.</summary>
public sealed partial class ParameterServerGrain
{
    private readonly PushGate _gate = new();
    private StandbyLink? _standby;

    /// <summary>Standbys that are not needed any more and are being stopped; nobody waits for that.</summary>
    private readonly BackgroundWork _stopping = new();

    /// <inheritdoc/>
    public async Task FollowAsync(string standbySilo)
    {
        if (_standby?.Silo == standbySilo || _store is not { } store || _plan is not { } plan)
            return;
        var link = new StandbyLink(GrainFactory, standbySilo, plan.RunId, _liveness, _time);
        // A silo that hangs shows it here, where training does not wait for it.
        await link.ReadyAsync(plan);
        await _gate.CloseAsync();
        try
        {
            // What came of the step so far the standby does not have: everybody pushes it again, to both.
            store.RestartStep();
            var writtenStep = _checkpoints?.WrittenStep ?? 0;
            var (checkpoint, pieces) = await Task.Run(() =>
            {
                var captured = store.Capture(writtenStep);
                return (captured, StatePieces.Split(captured.State));
            });
            await link.BeginAsync(plan, checkpoint, pieces);
            if (_store == store)
            {
                _standby = link;
                LogFollowed(standbySilo, store.Step);
            }
        }
        finally
        {
            _gate.Open();
            WakeWaiters();
            // One that failed halfway, or whose server was stopped meanwhile, need not keep what it took. Nobody waits for that.
            if (_standby != link)
                _ = _stopping.Start(_ => StopStandbyAsync(link));
        }
    }

    /// <summary>Gives the standby a gradient, if one follows; goes on without it if it cannot take it.</summary>
    /// <returns>Whether a call that was given up may still read the payload.</returns>
    private async Task<bool> PassOnAsync(GradientPart part)
    {
        if (_standby is not { } standby)
            return false;
        var push = await standby.PushAsync(part, _checkpoints?.WrittenStep ?? 0);
        if (push.Lost is { } lost && _standby == standby)
        {
            _standby = null;
            LogStandbyLost(standby.Silo, lost);
        }
        return push.IsPayloadInUse;
    }

    /// <summary>What a standby has followed; null when there is nothing: then the newest checkpoint has to do, and the run says where it goes on.</summary>
    private async Task<(StandbyState State, IReadOnlyList<byte[]> Pieces)?> FetchAsync(StandbyLink standby)
    {
        try
        {
            return await standby.FetchAsync();
        }
        catch (Exception e)
        {
            LogStandbyLost(standby.Silo, e.Message);
            return null;
        }
    }

    private async Task StopStandbyAsync(StandbyLink standby)
    {
        try
        {
            await standby.StopAsync();
        }
        catch (Exception e) when (CallFailures.IsTransient(e))
        {
            LogStandbyLost(standby.Silo, e.Message);
        }
    }

    [LoggerMessage(5, LogLevel.Information, "A standby on {Silo} follows from step {Step} on.")]
    private partial void LogFollowed(string silo, long step);

    [LoggerMessage(6, LogLevel.Warning, "The standby on {Silo} is lost: {Reason}")]
    private partial void LogStandbyLost(string silo, string reason);
}
