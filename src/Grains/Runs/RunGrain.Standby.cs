using Microsoft.Extensions.Logging;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;

namespace VaeCluster.Grains.Runs;

/// <summary>The standby of the parameter server, where the spec asks for one: it is on another silo than the run.</summary>
public sealed partial class RunGrain
{
    // Memory only.
    private readonly StandbySilos _standbySilos = new();
    private DateTimeOffset _standbySoughtAt;
    private Task _following = Task.CompletedTask;

    private async Task MindStandbyAsync(ParameterServerStatus status)
    {
        if (_spec!.Resources.Standby != StandbyKind.Hot || !status.Started)
            return;
        var now = _time.GetUtcNow();
        if (status.StandbySilo != State.StandbySilo)
        {
            if (State.StandbySilo.Length > 0)
                _standbySilos.OnFailed(State.StandbySilo, now);
            await ReportStandbyAsync(status.StandbySilo, status.Step);
        }
        if (status.StandbySilo.Length > 0 || !_following.IsCompleted || now - _standbySoughtAt < _liveness.RenewPeriod)
            return;
        _standbySoughtAt = now;
        var devices = await Cluster.ListDevicesAsync().WaitAsync(_liveness.AnswerTimeout, _time);
        var others = devices.Select(device => device.Silo).Where(silo => silo != _silo.Name).Distinct().ToList();
        if (_standbySilos.Choose(others, now) is { } silo)
            _following = _driving.Start(driving => FollowAsync(silo, driving));
        else if (others.Count == 0 && !State.Conditions.Exists(condition => condition.Reason is RunReasons.StandbyMissing or RunReasons.StandbyFollows))
            await ReportStandbyAsync("", status.Step);
    }

    /// <summary>The passes go on meanwhile: a large state takes its time.</summary>
    private async Task FollowAsync(string silo, CancellationToken driving)
    {
        try
        {
            await Server.FollowAsync(silo).WaitAsync(driving);
        }
        catch (OperationCanceledException) when (driving.IsCancellationRequested)
        {
            // The run has no use for a standby any more.
        }
        catch (Exception e)
        {
            // Whatever it was: nobody awaits this task before the next pass, which tries another silo.
            LogNotFollowed(silo, RunId, e.Message);
            _standbySilos.OnFailed(silo, _time.GetUtcNow());
        }
    }

    private Task ReportStandbyAsync(string silo, long step) => ChangeAsync(state =>
    {
        state.StandbySilo = silo;
        state.Conditions.Add(silo.Length > 0
            ? Condition(RunReasons.StandbyFollows, $"A standby on {silo} follows the parameter server from step {step} on: a loss of {_silo.Name} loses no step.")
            : Condition(RunReasons.StandbyMissing, "No standby follows the parameter server; it needs a silo beside the run's. Until there is one, a loss goes back to the newest checkpoint."));
    });

    [LoggerMessage(10, LogLevel.Warning, "A standby on {Silo} could not follow the parameter server of run {RunId}; another silo is tried first: {Reason}")]
    private partial void LogNotFollowed(string silo, string runId, string reason);
}
