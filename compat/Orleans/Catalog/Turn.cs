using Orleans.Runtime.Messaging;
using Orleans.Runtime.References;

namespace Orleans.Runtime.Catalog;

/// <summary>Something that an activation is to do when nothing forbids it: a call, or a tick of a timer.</summary>
internal abstract class Turn
{
    public abstract bool IsAlwaysInterleave { get; }

    public abstract bool IsReadOnly { get; }

    /// <summary>Whether it counts as use of the activation.</summary>
    public abstract bool KeepsAlive { get; }

    /// <summary>Runs on the activation's scheduler; never fails, since there is nobody else to tell.</summary>
    public abstract Task RunAsync(Activation activation);

    /// <summary>The activation ended before the turn came.</summary>
    public abstract void Abandon(Activation activation, Exception? failure, SiloAddress? movedTo);
}

/// <summary>A call.</summary>
internal sealed class CallTurn(Message message, GrainCall call) : Turn
{
    public override bool IsAlwaysInterleave => call.Method.IsAlwaysInterleave;

    public override bool IsReadOnly => call.Method.IsReadOnly;

    public override bool KeepsAlive => true;

    public override Task RunAsync(Activation activation) => activation.Services.Invoker.InvokeAsync(activation, message, call);

    public override void Abandon(Activation activation, Exception? failure, SiloAddress? movedTo)
    {
        if (failure is not null) message.Reply.Fail(failure);
        else activation.Services.Router.Reroute(message, movedTo);
    }
}
