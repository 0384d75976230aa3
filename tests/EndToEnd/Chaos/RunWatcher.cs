using System.Diagnostics;
using VaeCluster.Contracts.V1;

namespace VaeCluster.EndToEnd.Chaos;

/// <summary>Looks at a run again and again until it ends, and remembers when it was where.</summary>
internal sealed class RunWatcher : IAsyncDisposable
{
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(50);

    /// <summary>A run asks its parameter server five times a second, so what is seen within this time after a fault may be older than the fault.</summary>
    private static readonly TimeSpan Lag = TimeSpan.FromMilliseconds(400);

    private readonly Func<string, Task<Run?>> _findAsync;
    private readonly string _runId;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Lock _lock = new();
    private readonly List<Sight> _sights = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _looking;
    private Run? _ended;

    /// <param name="findAsync">Finds the run of this id; null while nobody can.</param>
    /// <param name="runId">The run.</param>
    public RunWatcher(Func<string, Task<Run?>> findAsync, string runId)
    {
        _findAsync = findAsync;
        _runId = runId;
        _looking = Task.Run(LookAsync);
    }

    public string RunId => _runId;

    /// <summary>Time on the watcher's clock.</summary>
    public TimeSpan Now => _clock.Elapsed;

    /// <summary>The last step that was seen.</summary>
    public long Step
    {
        get
        {
            lock (_lock)
                return _sights.Count == 0 ? 0 : _sights[^1].Step;
        }
    }

    /// <summary>The run as it ended; null before.</summary>
    public Run? Ended
    {
        get
        {
            // Whatever ended the watch must not look like a run that goes on.
            if (_looking.IsFaulted)
                _looking.GetAwaiter().GetResult();
            lock (_lock)
                return _ended;
        }
    }

    /// <summary>Steps that were seen to be applied since a moment; those that were applied again count again.</summary>
    public long AppliedSince(TimeSpan moment)
    {
        lock (_lock)
        {
            var sights = _sights.Where(sight => sight.At >= moment).ToList();
            return sights.Zip(sights.Skip(1), (one, next) => Math.Max(0, next.Step - one.Step)).Sum();
        }
    }

    /// <summary>The first step that was applied after a fault, or the end of the run; null when there was none yet.</summary>
    /// <param name="fault">When the fault struck.</param>
    public Recovery? RecoveryFrom(TimeSpan fault)
    {
        lock (_lock)
        {
            var before = _sights.LastOrDefault(sight => sight.At <= fault + Lag)?.Step ?? 0;
            var later = _sights.Where(sight => sight.At > fault + Lag).ToList();
            for (var i = 0; i < later.Count; i++)
            {
                // A run that moves to another silo first shows what it last wrote, and then where it was: nothing was applied in between.
                var previous = i == 0 ? before : later[i - 1].Step;
                if (later[i].Step > previous && later[i].Step != before)
                    return new(later[i].At - fault, Math.Max(0, before - later[i].Step));
            }
            return _ended is null ? null : new(TimeSpan.Zero, 0);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task LookAsync()
    {
        using var timer = new PeriodicTimer(LookPeriod);
        while (!_stopping.IsCancellationRequested)
        {
            if (await _findAsync(_runId) is { } run)
            {
                lock (_lock)
                {
                    _sights.Add(new(_clock.Elapsed, run.Progress.Step));
                    if (run.EndedAt is not null)
                    {
                        _ended = run;
                        return;
                    }
                }
            }
            await timer.WaitForNextTickAsync(_stopping.Token);
        }
    }

    /// <summary>How a run came back after a fault.</summary>
    /// <param name="Took">From the fault to the next applied step.</param>
    /// <param name="Replayed">Steps that had been applied before and were applied again, as far as it was seen.</param>
    public sealed record Recovery(TimeSpan Took, long Replayed);

    private sealed record Sight(TimeSpan At, long Step);
}
