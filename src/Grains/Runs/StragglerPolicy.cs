using System.Collections.Immutable;
using VaeCluster.Contracts.ParameterServer;

namespace VaeCluster.Grains.Runs;

/// <summary>
/// Decides which trainers are stragglers: those that keep a step waiting because they are slow, halted, cut off, or gone before anybody has noticed. The
/// other trainers compute their shards too for a while, and whoever is first counts.
/// </summary>
/// <param name="options">How long a step may wait, and for how long a straggler is backed up.</param>
/// <param name="backupAfter">A step is late after this many usual steps; 0 for never.</param>
internal sealed class StragglerPolicy(RunOptions options, double backupAfter)
{
    private readonly Dictionary<string, DateTimeOffset> _backedUpUntil = new(StringComparer.Ordinal);

    /// <summary>The devices that are backed up.</summary>
    public IReadOnlyCollection<string> Stragglers => _backedUpUntil.Keys;

    /// <summary>Whether a device is backed up.</summary>
    public bool IsStraggler(string device) => _backedUpUntil.ContainsKey(device);

    /// <summary>Trusts every device again, because the shards were reassigned.</summary>
    public void Clear() => _backedUpUntil.Clear();

    /// <summary>Looks at the step that is waited for.</summary>
    /// <param name="status">How far the parameter server is.</param>
    /// <param name="devices">The devices that train.</param>
    /// <param name="shards">The shards of each device, without those that it computes as a backup.</param>
    /// <param name="now">The time.</param>
    /// <returns>The devices that became stragglers; null when nothing changed. Empty when one is only trusted again.</returns>
    public IReadOnlyList<string>? Update(
        ParameterServerStatus status,
        ImmutableArray<string> devices,
        ImmutableArray<ImmutableArray<int>> shards,
        DateTimeOffset now)
    {
        var trusted = _backedUpUntil.Where(device => device.Value <= now).Select(device => device.Key).ToList();
        trusted.ForEach(device => _backedUpUntil.Remove(device));
        var late = IsLate(status) ? Late(status.MissingShards, devices, shards) : [];
        foreach (var device in late)
            _backedUpUntil[device] = now + options.BackupPeriod;
        return late.Count == 0 && trusted.Count == 0 ? null : late;
    }

    private bool IsLate(ParameterServerStatus status) =>
        backupAfter > 0
        && status.UsualStepSeconds > 0
        && status.StepAge > Math.Max(options.StragglerAfter.TotalSeconds, backupAfter * status.UsualStepSeconds);

    /// <summary>Devices whose own shards are missing, unless they are stragglers already, or nobody has done better.</summary>
    private List<string> Late(ImmutableArray<int> missing, ImmutableArray<string> devices, ImmutableArray<ImmutableArray<int>> shards)
    {
        var late = devices.Where((_, index) => shards[index].Intersect(missing).Any()).ToList();
        return late.Count == devices.Length ? [] : [.. late.Where(device => !IsStraggler(device))];
    }
}
