using Microsoft.Extensions.Logging;

namespace Orleans.Runtime;

/// <summary>The start and the stop of a silo.</summary>
public interface ISiloLifecycle : ILifecycleObservable
{
    int HighestCompletedStage { get; }

    int LowestStoppedStage { get; }
}

/// <inheritdoc cref="ISiloLifecycle"/>
internal sealed partial class SiloLifecycle(ILogger<SiloLifecycle> logger) : ISiloLifecycle
{
    private readonly Lock _sync = new();
    private readonly List<(string Name, int Stage, ILifecycleObserver Observer)> _observers = [];

    public int HighestCompletedStage { get; private set; } = int.MinValue;

    public int LowestStoppedStage { get; private set; } = int.MaxValue;

    public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var entry = (observerName, stage, observer);
        lock (_sync) _observers.Add(entry);
        return new Subscription(() => Remove(entry));
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var stage in Stages().OrderBy(group => group.Key))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.WhenAll(stage.Select(entry => entry.Observer.OnStart(cancellationToken)));
            HighestCompletedStage = stage.Key;
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var stage in Stages().Where(group => group.Key <= HighestCompletedStage).OrderByDescending(group => group.Key))
        {
            await Task.WhenAll(stage.Select(entry => StopAsync(entry.Name, entry.Observer, cancellationToken)));
            LowestStoppedStage = stage.Key;
        }
    }

    private async Task StopAsync(string name, ILifecycleObserver observer, CancellationToken cancellationToken)
    {
        try
        {
            await observer.OnStop(cancellationToken);
        }
        catch (Exception exception)
        {
            // The others have to stop too.
            LogStopFailed(logger, exception, name);
        }
    }

    private IEnumerable<IGrouping<int, (string Name, int Stage, ILifecycleObserver Observer)>> Stages()
    {
        lock (_sync) return [.. _observers.GroupBy(entry => entry.Stage)];
    }

    private void Remove((string, int, ILifecycleObserver) entry)
    {
        lock (_sync) _observers.Remove(entry);
    }

    private sealed class Subscription(Action remove) : IDisposable
    {
        public void Dispose() => remove();
    }

    [LoggerMessage(1, LogLevel.Error, "{Observer} failed to stop.")]
    private static partial void LogStopFailed(ILogger logger, Exception exception, string observer);
}
