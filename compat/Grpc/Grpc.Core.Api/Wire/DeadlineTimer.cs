namespace Grpc.Core.Wire;

/// <summary>Calls back once, when a deadline has passed and never before: both sides of a call must agree on that.</summary>
internal sealed class DeadlineTimer : IDisposable
{
    // The longest that a timer takes, and a little more than the clock's grain, so that one shot is mostly enough.
    private static readonly TimeSpan MaxDue = TimeSpan.FromMilliseconds(uint.MaxValue - 1);
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(2);

    private readonly Lock _gate = new();
    private readonly DateTime _deadline;
    private readonly Action _expired;
    private readonly Timer _timer;
    private bool _isDisposed;

    public DeadlineTimer(DateTime deadline, Action expired)
    {
        _deadline = deadline;
        _expired = expired;
        // Started only once the field is set, because the callback uses it.
        _timer = new Timer(static state => ((DeadlineTimer)state!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Schedule(deadline - DateTime.UtcNow);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _timer.Dispose();
        }
    }

    private void Tick()
    {
        var remaining = _deadline - DateTime.UtcNow;
        if (remaining <= TimeSpan.Zero)
            _expired();
        else
            Schedule(remaining);
    }

    private void Schedule(TimeSpan remaining)
    {
        var due = remaining + Slack;
        lock (_gate)
        {
            // A tick may have begun before the timer was disposed of.
            if (!_isDisposed)
                _timer.Change(due < TimeSpan.Zero ? TimeSpan.Zero : due > MaxDue ? MaxDue : due, Timeout.InfiniteTimeSpan);
        }
    }
}
