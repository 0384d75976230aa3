using Microsoft.Extensions.Logging;
using VaeCluster.Contracts.ParameterServer;

namespace VaeCluster.Grains.ParameterServer;

/// <summary>The standby that follows this server, where the run has one: how it begins, and what it is given.</summary>
public sealed partial class ParameterServerGrain
{
    private readonly PushGate _gate = new();
    private StandbyLink? _standby;

    /// <inheritdoc/>
    public async Task FollowAsync(string standbySilo)
    {
        if (_standby?.Silo == standbySilo || _store is not { } store || _plan is not { } plan)
            return;
        var link = new StandbyLink(GrainFactory, standbySilo, plan.RunId, _time);
        // A silo that hangs shows it here, where training does not wait for it.
        await link.ReadyAsync(plan);
        await _gate.CloseAsync();
        try
        {
            // What came of the step so far the standby does not have: everybody pushes it again, to both.
            store.RestartStep();
            await link.BeginAsync(plan, await Task.Run(() => store.Capture(_checkpoints?.WrittenStep ?? 0)));
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
                _ = StopStandbyAsync(link);
        }
    }

    /// <summary>Gives the standby a gradient, if one follows; goes on without it if it cannot take it.</summary>
    private async Task PassOnAsync(GradientPart part)
    {
        if (_standby is not { } standby || await standby.PushAsync(part, _checkpoints?.WrittenStep ?? 0) is not { } lost || _standby != standby)
            return;
        _standby = null;
        LogStandbyLost(standby.Silo, lost);
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
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            LogStandbyLost(standby.Silo, e.Message);
        }
    }

    [LoggerMessage(5, LogLevel.Information, "A standby on {Silo} follows from step {Step} on.")]
    private partial void LogFollowed(string silo, long step);

    [LoggerMessage(6, LogLevel.Warning, "The standby on {Silo} is lost: {Reason}")]
    private partial void LogStandbyLost(string silo, string reason);
}
