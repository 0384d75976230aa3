using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>When a grain's timer ticks, and how its ticks mix with the grain's calls.</summary>
public readonly struct GrainTimerCreationOptions
{
    public GrainTimerCreationOptions()
    {
    }

    [SetsRequiredMembers]
    public GrainTimerCreationOptions(TimeSpan dueTime, TimeSpan period)
    {
        DueTime = dueTime;
        Period = period;
    }

    /// <summary>The delay of the first tick; <see cref="Timeout.InfiniteTimeSpan"/> keeps the timer from starting.</summary>
    public required TimeSpan DueTime { get; init; }

    /// <summary>The delay of the next tick, counted from the end of the one before; infinite for a single tick.</summary>
    public required TimeSpan Period { get; init; }

    /// <summary>Whether a tick may run while a call does; the default is to wait its turn.</summary>
    public bool Interleave { get; init; }

    /// <summary>Whether a tick counts as use, which keeps the activation from idle collection.</summary>
    public bool KeepAlive { get; init; }
}

/// <summary>A running timer.</summary>
public interface IGrainTimer : IDisposable
{
    void Change(TimeSpan dueTime, TimeSpan period);
}
