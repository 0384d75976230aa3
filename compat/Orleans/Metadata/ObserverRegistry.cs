using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Orleans.Runtime.Messaging;
using Orleans.Runtime.References;

namespace Orleans.Runtime.Metadata;

/// <summary>
/// The local objects that grains call. They are held weakly, as the real ones are: an observer that only the cluster knows is gone.
/// Calls of one observer run one after another.
/// </summary>
internal sealed partial class ObserverRegistry(string owner, ILogger logger)
{
    /// <summary>The grain type of all observers; the key is the owner, a '+' and a number.</summary>
    public static readonly GrainType ObserverType = GrainType.Create("sys.client");

    private readonly ConcurrentDictionary<GrainId, Observer> _observers = new();
    private readonly ConditionalWeakTable<IGrainObserver, object> _ids = [];
    private long _lastId;

    /// <summary>The part of an observer's key that says behind which client, or on which silo, it lives.</summary>
    public static string OwnerOf(GrainId observer) => observer.Key.ToString().Split('+')[0];

    public GrainId Add(IGrainObserver observer, Type contract)
    {
        ArgumentNullException.ThrowIfNull(observer);
        if (observer is GrainReference) throw new ArgumentException("The observer is a reference already; pass the object itself.", nameof(observer));
        if (observer is IGrainBase) throw new ArgumentException("A grain cannot be an observer object; pass this.AsReference<T>() of it.", nameof(observer));
        if (_ids.TryGetValue(observer, out _)) throw new ArgumentException("Object already has a reference; delete that one first.", nameof(observer));
        GrainInterface.Get(contract).CheckPayloads([]);
        var key = string.Create(CultureInfo.InvariantCulture, $"{owner}+{Interlocked.Increment(ref _lastId)}");
        var id = GrainId.Create(ObserverType, key);
        _ids.Add(observer, id);
        _observers[id] = new(new(observer));
        return id;
    }

    public void Remove(IGrainObserver observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        if (!_ids.TryGetValue(observer, out var id)) throw new ArgumentException("Reference is not associated with a local object.", nameof(observer));
        _ids.Remove(observer);
        _observers.TryRemove((GrainId)id, out _);
    }

    /// <summary>Calls the observer after the calls that came before.</summary>
    public void Deliver(Message message, GrainCall call)
    {
        if (!_observers.TryGetValue(message.Target, out var observer) || !observer.Object.TryGetTarget(out _))
        {
            _observers.TryRemove(message.Target, out _);
            message.Reply.Fail(new OrleansMessageRejectionException($"Observer {message.Target} was deleted, or collected because nothing held it."));
            LogGone(logger, message.Target, message.MethodName);
            return;
        }

        lock (observer)
        {
            observer.Last = RunAfterAsync(observer.Last, observer, message, call);
        }
    }

    private async Task RunAfterAsync(Task before, Observer observer, Message message, GrainCall call)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            if (!observer.Object.TryGetTarget(out var target)) throw new OrleansMessageRejectionException($"Observer {message.Target} was collected because nothing held it.");
            await call.InvokeAsync(target, CancellationToken.None);
            message.Reply.Succeed(call);
        }
        catch (Exception exception)
        {
            // The observer's own failure is its caller's to know.
            LogFailed(logger, exception, message.Target, message.MethodName);
            message.Reply.Fail(exception);
        }
    }

    private sealed class Observer(WeakReference<IGrainObserver> target)
    {
        public WeakReference<IGrainObserver> Object { get; } = target;

        public Task Last { get; set; } = Task.CompletedTask;
    }

    [LoggerMessage(1, LogLevel.Warning, "Observer {Observer} was called ({Method}), but it was deleted or collected.")]
    private static partial void LogGone(ILogger logger, GrainId observer, string method);

    [LoggerMessage(2, LogLevel.Warning, "Observer {Observer} failed in {Method}.")]
    private static partial void LogFailed(ILogger logger, Exception exception, GrainId observer, string method);
}
