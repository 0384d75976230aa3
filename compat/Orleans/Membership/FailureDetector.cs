using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime.Networking;

namespace Orleans.Runtime.Membership;

/// <summary>
/// Probes other silos and declares those dead that miss too many probes in a row. One silo's word is enough, since the clusters this
/// is for are small and one that is wrongly declared dead restarts.
/// </summary>
internal sealed partial class FailureDetector(
    MembershipState state, MembershipAgent agent, Func<SiloAddress, IMembershipTarget> target, ClusterMembershipOptions options, ILogger<FailureDetector> logger)
    : IDisposable
{
    /// <summary>Says whether a silo sent anything since a moment: one that is busy sending is not dead, even if its answer is late.</summary>
    public required Func<SiloAddress, long, bool> HeardSince { get; init; }

    private readonly ConcurrentDictionary<SiloAddress, Task> _watches = new();
    private readonly CancellationTokenSource _stopping = new();

    public void Start()
    {
        state.Changed += (_, view) => Watch(view);
        Watch(state.View);
    }

    public void Dispose() => _stopping.Cancel();

    /// <summary>For whoever finds that a silo's process is certainly gone.</summary>
    public void ReportGone(SiloAddress silo, string why)
    {
        if (_stopping.IsCancellationRequested || silo.Generation == 0 || state.View.StatusOf(silo) is SiloStatus.Dead or SiloStatus.None) return;
        LogGone(logger, silo, why);
        _ = agent.AnnounceAsync(silo, SiloStatus.Dead);
    }

    private void Watch(MembershipView view)
    {
        foreach (var silo in Targets(view)) _watches.GetOrAdd(silo, s => Task.Run(() => WatchAsync(s)));
    }

    /// <summary>The next silos in the order of addresses, around the circle, so that each is watched by as many others.</summary>
    private IEnumerable<SiloAddress> Targets(MembershipView view)
    {
        var others = view.Entries.Where(IsWatchable).Select(entry => entry.Silo).ToArray();
        var first = Array.FindIndex(others, silo => silo.CompareTo(state.LocalSilo) > 0);
        for (var i = 0; i < Math.Min(options.NumProbedSilos, others.Length); i++) yield return others[(Math.Max(first, 0) + i) % others.Length];
    }

    private bool IsWatchable(MemberEntry entry) =>
        entry.Status is SiloStatus.Active or SiloStatus.ShuttingDown or SiloStatus.Joining && !entry.Silo.Equals(state.LocalSilo);

    private async Task WatchAsync(SiloAddress silo)
    {
        var missed = 0;
        while (!_stopping.IsCancellationRequested && state.View.Find(silo) is { } entry && IsWatchable(entry) && Targets(state.View).Contains(silo))
        {
            missed = await ProbeAsync(silo, missed + 1) ? 0 : missed + 1;
            if (missed >= options.NumMissedProbesLimit)
            {
                ReportGone(silo, $"It missed {missed} probes of {options.ProbeTimeout.TotalSeconds} s in a row.");
                break;
            }

            if (missed == 0) await Task.Delay(options.ProbeTimeout, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _watches.TryRemove(silo, out _);
    }

    /// <summary>True for a probe that was answered, or that says nothing.</summary>
    private async Task<bool> ProbeAsync(SiloAddress silo, int attempt)
    {
        var clock = Stopwatch.StartNew();
        var began = Environment.TickCount64;
        try
        {
            if (await target(silo).Probe(state.View.ContentHash).WaitAsync(options.ProbeTimeout, _stopping.Token) is { } news) state.Merge(news);
            return true;
        }
        catch (PeerGoneException exception)
        {
            ReportGone(silo, exception.Message);
            return true;
        }
        catch (Exception exception)
        {
            // A probe says nothing either if this process itself stood still.
            if (HeardSince(silo, began) || clock.Elapsed > options.ProbeTimeout * 2) return true;
            if (_stopping.IsCancellationRequested) return true;
            LogMissed(logger, silo, attempt, options.NumMissedProbesLimit, exception.Message);

            // A refused or broken connection fails at once; the pause keeps the attempts a probe apart.
            if (clock.Elapsed < options.ProbeTimeout)
            {
                await Task.Delay(options.ProbeTimeout - clock.Elapsed, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Silo {Silo} missed probe {Attempt} of {Limit}: {Why}")]
    private static partial void LogMissed(ILogger logger, SiloAddress silo, int attempt, int limit, string why);

    [LoggerMessage(2, LogLevel.Warning, "Silo {Silo} is dead. {Why}")]
    private static partial void LogGone(ILogger logger, SiloAddress silo, string why);
}
