using System.Collections.Concurrent;
using Orleans.Runtime.References;

namespace Orleans.Runtime.Messaging;

/// <summary>The calls of this process that wait for answers. A sweep fails those that waited too long.</summary>
internal sealed class CallTable : IDisposable
{
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<long, PendingCall> _calls = new();
    private readonly Timer _sweep;
    private long _lastId;

    public CallTable() => _sweep = new(static self => ((CallTable)self!).Sweep(), this, SweepPeriod, SweepPeriod);

    /// <summary>Called for a call that ran out of time, to let the callee know.</summary>
    public Action<PendingCall>? TimedOut { get; set; }

    public long NextId() => Interlocked.Increment(ref _lastId);

    public void Add(PendingCall call) => _calls[call.Id] = call;

    public PendingCall? Find(long id) => _calls.GetValueOrDefault(id);

    public PendingCall? Remove(long id) => _calls.TryRemove(id, out var call) ? call : null;

    public bool Remove(PendingCall call) => _calls.TryRemove(KeyValuePair.Create(call.Id, call));

    /// <summary>Fails the calls that went to a silo which cannot answer them any more.</summary>
    public void FailSentTo(SiloAddress silo, string reason)
    {
        foreach (var call in _calls.Values)
        {
            if (silo.Equals(call.SentTo) && Remove(call))
            {
                call.Fail(new SiloUnavailableException($"{call.MethodName} of {call.Target} was sent to {silo}. {reason} Whether it ran there is not known."));
            }
        }
    }

    public void FailAll(Func<PendingCall, Exception> reason)
    {
        foreach (var call in _calls.Values)
        {
            if (Remove(call)) call.Fail(reason(call));
        }
    }

    public void Dispose() => _sweep.Dispose();

    private void Sweep()
    {
        var now = Environment.TickCount64;
        foreach (var call in _calls.Values)
        {
            if (call.ExpiresAt > now || !Remove(call)) continue;
            TimedOut?.Invoke(call);
            call.Fail(new TimeoutException(
                $"Response did not arrive on time in {call.Timeout} for {call.MethodName} of grain {call.Target}"
                + $"{(call.SentTo is { } silo ? $", sent to {silo}" : "")}. The call may still be running there."));
        }
    }
}
