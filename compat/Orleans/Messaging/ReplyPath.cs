using Orleans.Runtime.References;

namespace Orleans.Runtime.Messaging;

/// <summary>The way back to a caller.</summary>
internal abstract class ReplyPath
{
    public abstract void Succeed(GrainCall call);

    public abstract void Fail(Exception exception);

    /// <summary>Tells the caller which silo answers in this one's place.</summary>
    public virtual void Moved(SiloAddress silo)
    {
    }
}

/// <summary>The caller does not wait.</summary>
internal sealed class NoReply : ReplyPath
{
    public static NoReply Instance { get; } = new();

    public override void Succeed(GrainCall call)
    {
    }

    /// <summary>Whoever ran the call has logged the exception.</summary>
    public override void Fail(Exception exception)
    {
    }
}

/// <summary>The caller is in this process.</summary>
internal sealed class LocalReply(CallTable calls, PendingCall pending) : ReplyPath
{
    public PendingCall Pending => pending;

    public override void Succeed(GrainCall call)
    {
        if (!calls.Remove(pending)) return;
        try
        {
            call.CompleteLocally(pending);
        }
        catch (Exception exception)
        {
            // The result cannot be copied; the caller learns why, as it would over the wire.
            pending.Fail(exception);
        }
    }

    public override void Fail(Exception exception)
    {
        if (calls.Remove(pending)) pending.Fail(exception);
    }

    public override void Moved(SiloAddress silo) => pending.SentTo = silo;
}

/// <summary>The caller is behind a connection, its own or another silo's.</summary>
internal sealed class RemoteReply(IFrameSink sink, long callId) : ReplyPath
{
    public IFrameSink Sink => sink;

    public long CallId => callId;

    public override void Succeed(GrainCall call)
    {
        var frame = MessageWire.Begin(MessageKind.Result, callId);
        try
        {
            call.WriteResult(frame);
            sink.CheckSize(frame, $"The answer of {call.Method}");
        }
        catch (Exception exception)
        {
            // A result that cannot travel is the caller's failure to see.
            frame.Dispose();
            Fail(exception);
            return;
        }

        sink.Post(frame);
    }

    public override void Fail(Exception exception) => sink.Post(MessageWire.WriteFailure(callId, exception));

    public override void Moved(SiloAddress silo)
    {
        var frame = MessageWire.Begin(MessageKind.Moved, callId);
        frame.WriteString(silo.ToParsableString());
        sink.Post(frame);
    }
}
