using Orleans.Configuration;
using Orleans.Runtime.References;

namespace Orleans.Runtime.Messaging;

/// <summary>Makes calls and awaits their answers, whatever carries them.</summary>
internal abstract class CallRuntime : ICallRuntime
{
    private readonly MessagingOptions _options;

    protected CallRuntime(CallTable calls, MessagingOptions options)
    {
        Calls = calls;
        _options = options;
        if (options.CancelRequestOnTimeout) calls.TimedOut = SendCancel;
    }

    protected CallTable Calls { get; }

    /// <summary>The silo that waits; null for a client, which its gateway stands in for.</summary>
    protected abstract SiloAddress? Origin { get; }

    public Task<TResult> CallAsync<TArgs, TResult>(
        GrainReference target, GrainMethod<TArgs, TResult> method, TArgs arguments, CancellationToken cancellationToken)
        where TArgs : struct
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<TResult>(cancellationToken);
        var call = new GrainCall<TArgs, TResult>(method, arguments);
        if (method.IsOneWay)
        {
            Send(NewMessage(target.GrainId, call, Calls.NextId(), NoReply.Instance, long.MaxValue));
            return Task.FromResult(default(TResult)!);
        }

        var timeout = method.ResponseTimeout ?? _options.ResponseTimeout;
        var pending = new PendingCall<TResult>(Calls.NextId(), target.GrainId, method.Name, timeout, method.Result);
        Calls.Add(pending);
        Send(NewMessage(target.GrainId, call, pending.Id, new LocalReply(Calls, pending), pending.ExpiresAt));
        return cancellationToken.CanBeCanceled ? WithCancellation(pending, cancellationToken) : pending.Task;
    }

    /// <summary>Hands the message on; failures come back through its reply path.</summary>
    protected abstract void Send(Message message);

    protected abstract void SendCancel(PendingCall call);

    /// <summary>The caller stops waiting at once; where the call runs, its token fires.</summary>
    private async Task<TResult> WithCancellation<TResult>(PendingCall<TResult> pending, CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.UnsafeRegister((_, token) => Cancel(pending, token), null);
        return await pending.Task;
    }

    private void Cancel(PendingCall pending, CancellationToken token)
    {
        if (!Calls.Remove(pending)) return;
        SendCancel(pending);
        pending.Cancel(token);
    }

    private Message NewMessage(GrainId target, GrainCall call, long id, ReplyPath reply, long expiresAt) => new()
    {
        Target = target,
        MethodId = call.Method.Id,
        CallId = id,
        Origin = Origin,
        Reply = reply,
        ExpiresAt = expiresAt,
        Call = call,
    };
}
