using Microsoft.Extensions.Logging;
using Orleans.Runtime.Catalog;
using Orleans.Runtime.Networking;
using Orleans.Runtime.References;

namespace Orleans.Runtime.Messaging;

/// <summary>Reads what other silos send.</summary>
internal sealed partial class SiloFrames(
    CallTable calls, SiloLinks links, CancellationRegistry cancellations, ReferenceFactory references, ILogger<SiloFrames> logger)
{
    public required MessageRouter Router { get; init; }

    public required Directory.GrainLocator Locator { get; init; }

    public void Handle(SiloAddress from, FrameBody frame)
    {
        var reader = frame.Reader(references);
        var kind = (MessageKind)reader.ReadByte();
        switch (kind)
        {
            case MessageKind.Request or MessageKind.OneWay:
                Router.Receive(MessageWire.ReadRequest(kind, reader, frame, (callId, origin) => new RemoteReply(links.To(origin!), callId)));
                break;
            case MessageKind.Result or MessageKind.Failure:
                calls.Remove(reader.ReadVarInt())?.Complete(kind, frame.After(reader), references);
                break;
            case MessageKind.Cancel:
                cancellations.Cancel(from, reader.ReadVarInt());
                break;
            case MessageKind.Moved:
                if (calls.Find(reader.ReadVarInt()) is { } call) Moved(call, SiloAddress.FromParsableString(reader.ReadString() ?? ""));
                break;
            default:
                LogUnknown(logger, from, (byte)kind);
                break;
        }
    }

    private void Moved(PendingCall call, SiloAddress silo)
    {
        call.SentTo = silo;
        Locator.Remember(call.Target, silo);
    }

    [LoggerMessage(1, LogLevel.Warning, "Silo {Silo} sent a message of kind {Kind}, which is not known here.")]
    private static partial void LogUnknown(ILogger logger, SiloAddress silo, byte kind);
}
