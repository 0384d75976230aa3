using Microsoft.Extensions.Logging;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Grains.Liveness;
using VaeCluster.Parameters.Checkpoints;

namespace VaeCluster.Grains.ParameterServer;

/// <summary>
/// Replicates a parameter server to its standby, where the run has one. A gradient goes to the standby first: then it has whatever the server can have
/// published. For one grain's turns only, so it needs no lock.
/// </summary>
internal sealed partial class StandbyReplication(IGrainFactory grains, LivenessOptions liveness, TimeProvider time, ILogger logger)
{
    private readonly PushGate _gate = new();
    private StandbyLink? _standby;

    /// <summary>Standbys that are not needed any more and are being stopped; nobody waits for that.</summary>
    private readonly BackgroundWork _stopping = new();

    /// <summary>The silo of the standby that follows; empty when none does.</summary>
    public string Silo => _standby?.Silo ?? "";

    /// <summary>Takes a gradient: by the standby, then by the server. A handover of the state waits until no gradient is under way.</summary>
    /// <param name="block">The gradient, whose payload goes on to the server.</param>
    /// <param name="writtenStep">The last step whose record is written down.</param>
    /// <param name="take">Takes it at the server.</param>
    public async Task<PushAnswer> PushAsync(GradientBlock block, Func<long> writtenStep, Func<GradientBlock, Task<PushAnswer>> take)
    {
        await _gate.EnterAsync();
        try
        {
            await ForwardAsync(block, writtenStep());
            return await take(block);
        }
        finally
        {
            _gate.Leave();
        }
    }

    /// <summary>Hands the state to a standby, which follows from there; does nothing when it follows already.</summary>
    /// <param name="silo">Its silo.</param>
    /// <param name="session">Has the state.</param>
    /// <param name="isCurrent">Whether the server still has this session.</param>
    /// <exception cref="TimeoutException">The standby or a partition does not answer, or takes too long.</exception>
    public async Task FollowAsync(string silo, ServerSession session, Func<bool> isCurrent)
    {
        if (Silo == silo)
            return;
        var link = new StandbyLink(grains, silo, session.Plan.RunId, liveness, time);
        // A silo that hangs shows it here, where training does not wait for it.
        await link.ReadyAsync(session.Plan);
        await _gate.CloseAsync();
        try
        {
            // What came of the step so far the standby does not have: everybody pushes it again, to both.
            var checkpoint = await session.HoldAsync();
            var pieces = await Task.Run(() => StatePieces.Split(checkpoint.State));
            await link.BeginAsync(session.Plan, checkpoint, pieces);
            if (isCurrent())
            {
                _standby = link;
                LogFollowed(silo, checkpoint.State.Step);
            }
        }
        finally
        {
            await session.ReleaseAsync(Silo);
            _gate.Open();
            // One that failed halfway, or whose server was stopped meanwhile, need not keep what it took.
            if (_standby != link)
                _ = _stopping.Start(_ => StopAsync(link));
        }
    }

    /// <summary>A partition has lost the standby: without its gradients it cannot follow.</summary>
    public void OnLost(string reason)
    {
        if (_standby is not { } standby)
            return;
        _standby = null;
        LogStandbyLost(standby.Silo, reason);
    }

    /// <summary>
    /// The state that a standby has followed; null when there is none: then the newest checkpoint has to do, and the run says where it goes
    /// on.
    /// </summary>
    public async Task<(StandbyState State, IReadOnlyList<byte[]> Pieces)?> FetchAsync(string silo, RunPlan plan)
    {
        if (string.IsNullOrEmpty(silo))
            return null;
        try
        {
            return await new StandbyLink(grains, silo, plan.RunId, liveness, time).FetchAsync();
        }
        catch (Exception e)
        {
            LogStandbyLost(silo, e.Message);
            return null;
        }
    }

    /// <summary>Stops the standby, if one follows. One that cannot be reached forgets the run when it is collected.</summary>
    public Task StopAsync()
    {
        var standby = _standby;
        _standby = null;
        return standby is null ? Task.CompletedTask : StopAsync(standby);
    }

    /// <summary>Gives the standby a gradient, if one follows; goes on without it if it cannot take it.</summary>
    private async Task ForwardAsync(GradientBlock block, long writtenStep)
    {
        if (_standby is not { } standby)
            return;
        var copy = block with { Payload = block.Payload.Retain() };
        if (await standby.PushAsync(copy, writtenStep) is { } lost && _standby == standby)
        {
            _standby = null;
            LogStandbyLost(standby.Silo, lost);
        }
    }

    private async Task StopAsync(StandbyLink standby)
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
