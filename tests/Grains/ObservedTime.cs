using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace VaeCluster.Grains.Tests;

/// <summary>
/// A <see cref="FakeTimeProvider"/> that reports every timer that is started, so that a test moves the time only after the code under
/// test has begun to wait. The test owns the time: nothing else advances it.
/// </summary>
public sealed class ObservedTime : FakeTimeProvider
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Channel<TimeSpan> _started = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _started.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Waits until the next timer is started, and lets its time pass.</summary>
    /// <returns>How long that is.</returns>
    public async Task<TimeSpan> PassNextTimerAsync()
    {
        TimeSpan dueTime;
        try
        {
            dueTime = await _started.Reader.ReadAsync().AsTask().WaitAsync(Limit);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"No timer was started within {Limit.TotalSeconds:F0} s.", e);
        }
        Advance(dueTime);
        return dueTime;
    }
}
