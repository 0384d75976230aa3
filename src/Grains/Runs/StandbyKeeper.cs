using VaeCluster.Contracts.Cluster;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Grains.Devices;

namespace VaeCluster.Grains.Runs;

/// <summary>Keeps a standby of the parameter server on another silo than the run's, where the spec asks for one.</summary>
internal sealed class StandbyKeeper(RunSession session)
{
    private readonly StandbyPolicy _policy = new();
    private DateTimeOffset _soughtAt;
    private Task _following = Task.CompletedTask;

    /// <summary>Reports a standby that came or went, and has another one begun where there is none.</summary>
    public async Task EnsureAsync(ParameterServerStatus status)
    {
        if (session.Spec.Resources.Standby != StandbyKind.Hot)
            return;
        var now = session.Time.GetUtcNow();
        if (status.StandbySilo != session.State.StandbySilo)
        {
            // To this silo, when it is cut off, the standby looks lost; whoever replaces this silo continues from that standby.
            if (status.StandbySilo.Length == 0 && !await session.Services.Membership.IsMemberAsync())
                return;
            if (session.State.StandbySilo.Length > 0)
                _policy.OnFailed(session.State.StandbySilo, now);
            await ReportAsync(status.StandbySilo, status.Step);
        }
        if (status.StandbySilo.Length > 0 || !_following.IsCompleted || now - _soughtAt < session.Liveness.RenewPeriod)
            return;
        _soughtAt = now;
        var devices = await session.Grains.GetGrain<IClusterGrain>(IClusterGrain.TheKey).ListDevicesAsync().WaitAsync(
            session.Liveness.AnswerTimeout,
            session.Time);
        // A silo with a partition is taken last: losing it would lose the standby and a range at once.
        var others = devices.Select(device => device.Silo).Where(silo => silo != session.Silo).Distinct()
            .OrderBy(silo => status.Owners.Any(owner => DeviceId.SiloOf(owner) == silo)).ToList();
        if (_policy.Choose(others, now) is { } silo)
            _following = session.Work.Start(cancellationToken => FollowAsync(silo, cancellationToken));
        else if (others.Count == 0 && !session.State.Conditions.Exists(condition => condition.Reason is RunReasons.StandbyMissing or RunReasons.StandbyFollows))
            await ReportAsync("", status.Step);
    }

    /// <summary>The passes go on meanwhile: a large state takes its time.</summary>
    private async Task FollowAsync(string silo, CancellationToken cancellationToken)
    {
        try
        {
            await session.Server.FollowAsync(silo).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The run has no use for a standby any more.
        }
        catch (Exception e)
        {
            // Whatever it was: nobody awaits this task before the next pass, which tries another silo.
            session.Logger.LogNotFollowed(silo, session.RunId, e.Message);
            _policy.OnFailed(silo, session.Time.GetUtcNow());
        }
    }

    private Task ReportAsync(string silo, long step) => session.Store.ChangeAsync(state =>
    {
        state.StandbySilo = silo;
        state.Conditions.Add(silo.Length > 0
            ? session.Store.Condition(RunReasons.StandbyFollows,
                $"A standby on {silo} follows the parameter server from step {step} on: losing {session.Silo} loses no step.")
            : session.Store.Condition(RunReasons.StandbyMissing,
                "No standby follows the parameter server; it needs a second silo. Until one joins, losing the parameter server takes the "
                    + "run back to its newest checkpoint."));
    });
}
