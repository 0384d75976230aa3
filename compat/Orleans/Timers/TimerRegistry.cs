using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Runtime.Catalog;

namespace Orleans.Timers;

/// <inheritdoc cref="ITimerRegistry"/>
internal sealed class TimerRegistry(TimeProvider time, ILogger<TimerRegistry> logger) : ITimerRegistry
{
    public IGrainTimer RegisterGrainTimer<TState>(
        IGrainContext grainContext, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var activation = grainContext as Activation
            ?? throw new ArgumentException($"{grainContext?.GetType()} is not an activation of this silo; timers belong to activated grains.", nameof(grainContext));
        var timer = new GrainTimer(activation, token => callback(state, token), options, time, logger);
        activation.AddTimer(timer);
        timer.Change(options.DueTime, options.Period);
        return timer;
    }
}
