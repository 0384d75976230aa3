using Orleans.Runtime.References;
using Orleans.Serialization.Wire;

namespace Orleans.Runtime.Messaging;

/// <summary>A call that this silo makes for somebody behind a connection; the answer goes on to him as it is.</summary>
internal sealed class RelayCall(long id, GrainId target, string methodName, TimeSpan timeout, IFrameSink caller, long callerId)
    : PendingCall(id, target, methodName, timeout)
{
    public long CallerId => callerId;

    /// <summary>Called when the call is over.</summary>
    public Action<RelayCall>? Done { get; init; }

    public void Complete(GrainCall call)
    {
        Done?.Invoke(this);
        new RemoteReply(caller, callerId).Succeed(call);
    }

    public override void Complete(MessageKind kind, FrameBody body, IReferenceBinder binder)
    {
        Done?.Invoke(this);
        var frame = MessageWire.Begin(kind, callerId);
        MessageWire.Append(frame, body);
        caller.Post(frame);
    }

    public override void Fail(Exception exception)
    {
        Done?.Invoke(this);
        caller.Post(MessageWire.WriteFailure(callerId, exception));
    }

    public override void Cancel(CancellationToken cancellationToken) => Done?.Invoke(this);
}
