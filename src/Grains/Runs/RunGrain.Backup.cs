using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;

namespace VaeCluster.Grains.Runs;

/// <summary>
/// Trainers that keep a step waiting: because they are slow, halted, cut off, or gone and nobody has noticed yet. The others compute
/// their shards too, and whoever is first counts.
/// </summary>
public sealed partial class RunGrain
{
    /// <summary>The shards of each device in <see cref="_devices"/>; those of a late one are another's too. Memory only, dealt anew after a loss.</summary>
    private ImmutableArray<ImmutableArray<int>> _dealt = [];

    /// <summary>The devices that were late, and when they are trusted again.</summary>
    private readonly Dictionary<string, DateTimeOffset> _late = new(StringComparer.Ordinal);

    private async Task MindLateTrainersAsync(ParameterServerStatus status)
    {
        var now = _time.GetUtcNow();
        var trusted = _late.Where(device => device.Value <= now).Select(device => device.Key).ToList();
        trusted.ForEach(device => _late.Remove(device));
        var late = IsLate(status) ? LateDevices(status.MissingShards) : [];
        foreach (var device in late)
            _late[device] = now + _options.BackupPeriod;
        if (late.Count == 0 && trusted.Count == 0)
            return;
        await ChangeAsync(state =>
        {
            state.Dealing++;
            if (late.Count > 0 && state.Conditions[^1].Reason != RunReasons.BackedUp)
                state.Conditions.Add(Condition(RunReasons.BackedUp, FormattableString.Invariant($"{string.Join(", ", late)} kept step {status.Step} waiting for {status.StepAge:F1} s; for a while the other trainers compute shards {string.Join(", ", status.MissingShards)} too.")));
        });
        _dealt = ShardAssignment.WithBackup(ShardAssignment.Deal(_schedule!.Shards, _devices.Length), [.. _devices.Select(_late.ContainsKey)]);
        LogBackedUp(RunId, string.Join(", ", _late.Keys), status.Step);
        AssignAll();
    }

    private bool IsLate(ParameterServerStatus status)
    {
        var factor = _spec!.Resources.Trainers.BackupAfter;
        return factor > 0
            && status.UsualStepSeconds > 0
            && status.StepAge > Math.Max(_options.LateAfter.TotalSeconds, factor * status.UsualStepSeconds);
    }

    /// <summary>Devices whose own shards are missing, unless they are late already, or nobody has done better.</summary>
    private List<string> LateDevices(ImmutableArray<int> missing)
    {
        var own = ShardAssignment.Deal(_schedule!.Shards, Math.Max(1, _devices.Length));
        var late = _devices.Where((_, index) => own[index].Intersect(missing).Any()).ToList();
        return late.Count == _devices.Length ? [] : [.. late.Where(device => !_late.ContainsKey(device))];
    }

    [LoggerMessage(8, LogLevel.Warning, "The shards of {Devices} are computed by the other trainers of run {RunId} too, from step {Step} on.")]
    private partial void LogBackedUp(string runId, string devices, long step);
}
