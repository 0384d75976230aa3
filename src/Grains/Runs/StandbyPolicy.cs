namespace VaeCluster.Grains.Runs;

/// <summary>
/// Chooses the silo that the next standby is tried on. Each try may keep training waiting, so a silo that failed rests for a while, longer
/// each time, and comes after those that failed less often.
/// </summary>
internal sealed class StandbyPolicy
{
    /// <summary>How long a silo rests after its first failure; twice as long after each further one.</summary>
    public static readonly TimeSpan RestMin = TimeSpan.FromSeconds(2);

    /// <summary>The longest rest.</summary>
    public static readonly TimeSpan RestMax = TimeSpan.FromMinutes(1);

    /// <summary>A failure as old as this says nothing about a silo any more.</summary>
    public static readonly TimeSpan FailuresKept = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, (int Count, DateTimeOffset LastAt)> _failures = new(StringComparer.Ordinal);

    /// <summary>A silo did not take the state, or stopped following.</summary>
    public void OnFailed(string silo, DateTimeOffset now)
    {
        Forget(now);
        _failures[silo] = (_failures.GetValueOrDefault(silo).Count + 1, now);
    }

    /// <summary>The first of those silos that failed least often; null when there is none, or each still rests.</summary>
    public string? Choose(IReadOnlyList<string> silos, DateTimeOffset now)
    {
        Forget(now);
        return silos
            .Where(silo => !_failures.TryGetValue(silo, out var failures) || now - failures.LastAt >= RestAfter(failures.Count))
            .OrderBy(silo => _failures.GetValueOrDefault(silo).Count)
            .FirstOrDefault();
    }

    private static TimeSpan RestAfter(int failures) =>
        TimeSpan.FromSeconds(Math.Min(RestMax.TotalSeconds, RestMin.TotalSeconds * Math.Pow(2, failures - 1)));

    private void Forget(DateTimeOffset now)
    {
        foreach (var old in _failures.Where(failures => now - failures.Value.LastAt >= FailuresKept).Select(failures => failures.Key).ToList())
            _failures.Remove(old);
    }
}
