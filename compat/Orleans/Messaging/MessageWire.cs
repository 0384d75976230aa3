using Orleans.Runtime.Networking;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.Wire;

namespace Orleans.Runtime.Messaging;

/// <summary>How messages are laid out within a frame.</summary>
internal static class MessageWire
{
    public static FrameWriter WriteRequest(Message message) => WriteRequest(message, message.CallId);

    public static FrameWriter WriteRequest(Message message, long callId)
    {
        var frame = Frame.New();
        try
        {
            frame.WriteByte((byte)(message.IsOneWay ? MessageKind.OneWay : MessageKind.Request));
            frame.WriteVarInt(callId);
            frame.WriteString(message.Origin?.ToParsableString());
            frame.WriteString(message.Target.Type.ToString());
            frame.WriteString(message.Target.Key.ToString());
            frame.WriteFixed8(message.MethodId);
            frame.WriteVarUInt(RemainingMs(message.ExpiresAt));
            frame.WriteByte((byte)message.Forwards);
            if (message.Call is { } call) call.WriteArguments(frame);
            else Append(frame, message.Body!.Value);
            return frame;
        }
        catch
        {
            frame.Dispose();
            throw;
        }
    }

    public static Message ReadRequest(MessageKind kind, FrameReader reader, FrameBody frame, Func<long, SiloAddress?, ReplyPath> reply)
    {
        var callId = reader.ReadVarInt();
        var origin = reader.ReadString() is { } silo ? SiloAddress.FromParsableString(silo) : null;
        var target = GrainId.Create(reader.ReadString() ?? "", reader.ReadString() ?? "");
        var methodId = reader.ReadFixed8();
        var remaining = reader.ReadVarUInt();
        var forwards = reader.ReadByte();
        return new()
        {
            CallId = callId,
            Origin = origin,
            Target = target,
            MethodId = methodId,
            ExpiresAt = remaining == 0 ? long.MaxValue : Environment.TickCount64 + (long)remaining,
            Forwards = forwards,
            Reply = kind == MessageKind.OneWay ? NoReply.Instance : reply(callId, origin),
            Body = frame.After(reader),
        };
    }

    public static FrameWriter WriteFailure(long callId, Exception exception)
    {
        var frame = Begin(MessageKind.Failure, callId);
        ExceptionWire.Write(frame, exception);
        return frame;
    }

    public static FrameWriter Begin(MessageKind kind, long callId)
    {
        var frame = Frame.New();
        frame.WriteByte((byte)kind);
        frame.WriteVarInt(callId);
        return frame;
    }

    /// <summary>Passes a message on without reading it. Its blobs are never changed, so they need no copy.</summary>
    public static void Append(FrameWriter frame, FrameBody body)
    {
        frame.WriteBytes(body.Inline);
        foreach (var segment in body.Segments) frame.Segments.Add(segment);
    }

    private static ulong RemainingMs(long expiresAt) =>
        expiresAt == long.MaxValue ? 0 : (ulong)Math.Max(1, expiresAt - Environment.TickCount64);
}
