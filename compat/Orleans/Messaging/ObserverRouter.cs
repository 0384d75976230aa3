using Orleans.Runtime.Metadata;
using Orleans.Runtime.Networking;
using Orleans.Runtime.References;
using Orleans.Serialization.Wire;

namespace Orleans.Runtime.Messaging;

/// <summary>Brings calls of observers to the silo or the client that they live on.</summary>
internal sealed class ObserverRouter(SiloAddress localSilo, SiloLinks links, ObserverRegistry local, ReferenceFactory references, Gateway gateway, ClientDirectory clients)
{
    private const string SiloMark = "silo-";

    /// <summary>What the observers of a silo are called after.</summary>
    public static string OwnerName(SiloAddress silo) => SiloMark + silo.ToParsableString();

    public void Route(Message message)
    {
        var owner = ObserverRegistry.OwnerOf(message.Target);
        if (!owner.StartsWith(SiloMark, StringComparison.Ordinal)) RouteToClient(message, owner);
        else if (SiloAddress.FromParsableString(owner[SiloMark.Length..]) is var silo && silo.Equals(localSilo)) Deliver(message);
        else SendTo(message, silo);
    }

    private void Deliver(Message message)
    {
        if (!message.IsOwned && message.Call is { } call) message.Call = call.Snapshot();
        message.IsOwned = true;
        local.Deliver(message, message.Open(references));
    }

    private void RouteToClient(Message message, string clientId)
    {
        if (gateway.TrySend(clientId, message)) return;
        if (clients.Find(clientId) is { } silo && !silo.Equals(localSilo) && message.Forwards++ == 0) SendTo(message, silo);
        else throw new OrleansMessageRejectionException($"The client {clientId} of observer {message.Target} is not connected to any silo.");
    }

    private void SendTo(Message message, SiloAddress silo)
    {
        message.Reply.Moved(silo);
        _ = SendAsync(message, silo, MessageWire.WriteRequest(message));
    }

    private async Task SendAsync(Message message, SiloAddress silo, FrameWriter frame)
    {
        try
        {
            await links.To(silo).SendAsync(frame);
        }
        catch (ConnectionFailedException exception)
        {
            message.Reply.Fail(new SiloUnavailableException($"{message.MethodName} of {message.Target} could not be sent to {silo}: {exception.Message}", exception));
        }
    }
}
