using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Orleans.Runtime.Networking;

namespace Orleans.Runtime.Messaging;

/// <summary>One connected client. Its calls get numbers of this silo's own, and their answers go back under the client's.</summary>
internal sealed partial class GatewayClient(
    string id, Connection connection, SiloAddress localSilo, CallTable calls, SiloCalls siloCalls, MessageRouter router, ILogger logger)
{
    private readonly ConcurrentDictionary<long, RelayCall> _relays = new();

    public Connection Connection => connection;

    public void Handle(FrameBody frame)
    {
        var reader = frame.Reader(null);
        var kind = (MessageKind)reader.ReadByte();
        switch (kind)
        {
            case MessageKind.Request or MessageKind.OneWay:
                router.Send(Adopt(MessageWire.ReadRequest(kind, reader, frame, static (_, _) => NoReply.Instance), kind));
                break;
            case MessageKind.Result or MessageKind.Failure:
                calls.Remove(reader.ReadVarInt())?.Complete(kind, frame.After(reader), siloCalls.References!);
                break;
            case MessageKind.Cancel:
                if (_relays.TryGetValue(reader.ReadVarInt(), out var relay)) siloCalls.CancelRelay(relay);
                break;
            default:
                LogUnknown(logger, id, (byte)kind);
                break;
        }
    }

    /// <summary>Brings the client a call of one of its observers. The answer comes back under the number that the call has here.</summary>
    public void Send(Message message)
    {
        var number = message.Reply switch
        {
            LocalReply local => local.Pending.Id,
            RemoteReply remote => Relay(message, remote.Sink, remote.CallId).Id,
            _ => message.CallId,
        };
        var frame = MessageWire.WriteRequest(message, number);
        connection.CheckSize(frame, $"The call of {message.MethodName}");
        connection.Post(frame);
    }

    public void Disconnected()
    {
        foreach (var relay in _relays.Values) siloCalls.CancelRelay(relay);
    }

    private Message Adopt(Message message, MessageKind kind)
    {
        message.Origin = localSilo;
        if (kind == MessageKind.OneWay)
        {
            message.CallId = calls.NextId();
            return message;
        }

        var relay = Relay(message, connection, message.CallId);
        _relays[relay.CallerId] = relay;
        message.CallId = relay.Id;
        message.Reply = new LocalReply(calls, relay);
        return message;
    }

    private RelayCall Relay(Message message, IFrameSink caller, long callerId)
    {
        var timeout = message.ExpiresAt == long.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(Math.Max(1, message.ExpiresAt - Environment.TickCount64));
        var relay = new RelayCall(calls.NextId(), message.Target, message.MethodName, timeout, caller, callerId) { Done = call => _relays.TryRemove(call.CallerId, out _) };
        calls.Add(relay);
        return relay;
    }

    [LoggerMessage(10, LogLevel.Warning, "Client {Client} sent a message of kind {Kind}, which is not known here.")]
    private static partial void LogUnknown(ILogger logger, string client, byte kind);
}
