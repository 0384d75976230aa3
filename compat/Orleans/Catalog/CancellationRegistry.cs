using System.Collections.Concurrent;
using Orleans.Runtime.Messaging;
using Orleans.Runtime.References;

namespace Orleans.Runtime.Catalog;

/// <summary>The cancellation tokens of the calls that run or wait here.</summary>
internal sealed class CancellationRegistry
{
    private readonly ConcurrentDictionary<(SiloAddress, long), CancellationTokenSource> _sources = new();

    /// <summary>Takes note of a call as it arrives, since its caller may give up before its turn comes.</summary>
    public void Add(Message message, GrainMethod method)
    {
        if (method.TakesCancellation && message.Origin is { } origin) _sources.GetOrAdd((origin, message.CallId), static _ => new());
    }

    public CancellationToken TokenOf(Message message) =>
        message.Origin is { } origin && _sources.TryGetValue((origin, message.CallId), out var source) ? source.Token : CancellationToken.None;

    public void Remove(Message message)
    {
        if (message.Origin is { } origin && _sources.TryRemove((origin, message.CallId), out var source)) source.Dispose();
    }

    public void Cancel(SiloAddress origin, long callId)
    {
        // On another thread: what a grain hooks to its token must not hold up the connection.
        if (_sources.TryGetValue((origin, callId), out var source)) _ = source.CancelAsync();
    }
}
