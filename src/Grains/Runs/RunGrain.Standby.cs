using Orleans.Runtime;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;

namespace VaeCluster.Grains.Runs;

/// <summary>The standby of the parameter server, where the spec asks for one: it is on another silo than the run.</summary>
public sealed partial class RunGrain
{
    private DateTimeOffset _standbySoughtAt;
    private Task _following = Task.CompletedTask;

    private async Task MindStandbyAsync(ParameterServerStatus status)
    {
        if (_spec!.Resources.Standby != StandbyKind.Hot || !status.Started)
            return;
        if (status.StandbySilo != State.StandbySilo)
            await TellOfStandbyAsync(status.StandbySilo, status.Step);
        var now = _time.GetUtcNow();
        if (status.StandbySilo.Length > 0 || !_following.IsCompleted || now - _standbySoughtAt < _options.TrainerCheckPeriod)
            return;
        _standbySoughtAt = now;
        var devices = await Cluster.ListDevicesAsync().WaitAsync(_options.AnswerPatience, _time);
        if (devices.Select(device => device.Silo).Where(silo => silo != _silo.Name).Distinct().FirstOrDefault() is { } silo)
            _following = FollowAsync(silo);
        else if (!State.Conditions.Exists(condition => condition.Reason is RunReasons.StandbyMissing or RunReasons.StandbyFollows))
            await TellOfStandbyAsync("", status.Step);
    }

    /// <summary>The look around goes on meanwhile: a large state takes its time.</summary>
    private async Task FollowAsync(string silo)
    {
        try
        {
            await Server.FollowAsync(silo);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            LogCallLost(e, RunId);
        }
    }

    private Task TellOfStandbyAsync(string silo, long step) => ChangeAsync(state =>
    {
        state.StandbySilo = silo;
        state.Conditions.Add(silo.Length > 0
            ? Condition(RunReasons.StandbyFollows, $"A standby on {silo} follows the parameter server from step {step} on: a loss of {_silo.Name} loses no step.")
            : Condition(RunReasons.StandbyMissing, "No standby follows the parameter server; it needs a silo beside the run's. Until there is one, a loss goes back to the newest checkpoint."));
    });
}
