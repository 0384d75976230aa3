using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Runtime.Catalog;

namespace Orleans.Timers;

/// <summary>A timer whose ticks are turns of its grain. The next tick is armed when the one before has ended.</summary>
internal sealed partial class GrainTimer : IGrainTimer
{
    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly GrainTimerCreationOptions _options;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _disposed = new();
    private readonly ITimer _timer;
    private readonly Lock _sync = new();
    private TimeSpan _dueTime;
    private TimeSpan _period;
    private bool _ticking;
    private bool _changed;

    public GrainTimer(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options, TimeProvider time, ILogger logger)
    {
        _activation = activation;
        _callback = callback;
        _options = options;
        _logger = logger;
        var restore = ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow();
        _timer = time.CreateTimer(static self => ((GrainTimer)self!).Due(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        restore?.Undo();
    }

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Check(dueTime, nameof(dueTime));
        Check(period, nameof(period));
        lock (_sync)
        {
            (_dueTime, _period, _changed) = (dueTime, period, true);

            // A tick that runs now arms the next one when it ends.
            if (!_ticking && !_disposed.IsCancellationRequested) _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _activation.RemoveTimer(this);
        _ = _disposed.CancelAsync();
    }

    private static void Check(TimeSpan time, string name)
    {
        if (time == Timeout.InfiniteTimeSpan) return;
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time.TotalMilliseconds, 0xfffffffe, name);
    }

    private void Due()
    {
        lock (_sync) _ticking = true;
        _activation.TryEnqueue(new Tick(this));
    }

    private async Task TickAsync()
    {
        lock (_sync) _changed = false;
        try
        {
            if (!_disposed.IsCancellationRequested) await _callback(_disposed.Token);
        }
        catch (Exception exception)
        {
            // A timer that fails once goes on, as the real one does; the log says that it failed.
            LogFailed(_logger, exception, _activation.GrainId);
        }

        lock (_sync)
        {
            _ticking = false;
            if (!_disposed.IsCancellationRequested) _timer.Change(_changed ? _dueTime : _period, Timeout.InfiniteTimeSpan);
        }
    }

    private sealed class Tick(GrainTimer timer) : Turn
    {
        public override bool IsAlwaysInterleave => timer._options.Interleave;

        public override bool IsReadOnly => false;

        public override bool KeepsAlive => timer._options.KeepAlive;

        public override Task RunAsync(Activation activation) => timer.TickAsync();

        public override void Abandon(Activation activation, Exception? failure, SiloAddress? movedTo)
        {
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "A timer of {Grain} failed; its next tick comes as planned.")]
    private static partial void LogFailed(ILogger logger, Exception exception, GrainId grain);
}
