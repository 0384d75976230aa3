using Orleans.Configuration;
using Orleans.Runtime.Catalog;
using Orleans.Runtime.Networking;
using Orleans.Runtime.References;

namespace Orleans.Runtime.Messaging;

/// <summary>Makes the calls of this silo's own references.</summary>
internal sealed class SiloCalls(SiloAddress localSilo, CallTable calls, SiloLinks links, CancellationRegistry cancellations, SiloMessagingOptions options)
    : CallRuntime(calls, options)
{
    public MessageRouter? Router { get; set; }

    public ReferenceFactory? References { get; set; }

    /// <summary>Gives up a call that was made for a client.</summary>
    public void CancelRelay(RelayCall call)
    {
        if (!Calls.Remove(call)) return;
        SendCancel(call);
        call.Cancel(CancellationToken.None);
    }

    protected override SiloAddress Origin => localSilo;

    protected override void Send(Message message) => Router!.Send(message);

    protected override void SendCancel(PendingCall call)
    {
        if (call.SentTo is not { } silo || silo.Equals(localSilo)) cancellations.Cancel(localSilo, call.Id);
        else links.To(silo).Post(MessageWire.Begin(MessageKind.Cancel, call.Id));
    }
}
