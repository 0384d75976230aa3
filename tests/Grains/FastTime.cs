namespace VaeCluster.Grains.Tests;

/// <summary>Time of which a second takes ten milliseconds, so that a patience can be waited out.</summary>
public sealed class FastTime : TimeProvider
{
    private const int Factor = 100;

    private readonly DateTimeOffset _start = System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => _start + ((System.GetUtcNow() - _start) * Factor);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Shorter(dueTime), Shorter(period));

    private static TimeSpan Shorter(TimeSpan span) => span == Timeout.InfiniteTimeSpan ? span : span / Factor;
}
