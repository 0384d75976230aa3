using Orleans.Runtime.References;
using Orleans.Serialization.Wire;

namespace Orleans.Runtime.Messaging;

/// <summary>A call on its way, either as an object or, when it came over the wire and goes on over it, as bytes.</summary>
internal sealed class Message
{
    public required GrainId Target { get; init; }

    public required ulong MethodId { get; init; }

    /// <summary>The caller's number of the call, and with <see cref="Origin"/> its identity.</summary>
    public required long CallId { get; set; }

    /// <summary>The silo that waits for the answer; null for a call that came from a client's connection.</summary>
    public required SiloAddress? Origin { get; set; }

    public required ReplyPath Reply { get; set; }

    public bool IsOneWay => Reply is NoReply;

    /// <summary>In ticks of <see cref="Environment.TickCount64"/>; nobody waits for the answer any more after it.</summary>
    public long ExpiresAt { get; init; } = long.MaxValue;

    /// <summary>How often the message was passed on to another silo.</summary>
    public int Forwards { get; set; }

    public GrainCall? Call { get; set; }

    public FrameBody? Body { get; set; }

    /// <summary>Whether arguments or bytes are the message's own, as against the caller's or the connection's.</summary>
    public bool IsOwned { get; set; }

    public bool IsExpired => Environment.TickCount64 > ExpiresAt;

    public string MethodName => Call?.Method.Name ?? GrainInterface.FindMethod(MethodId)?.Name ?? $"method {MethodId:x}";

    /// <summary>Reads the arguments, if they are bytes still.</summary>
    public GrainCall Open(IReferenceBinder binder)
    {
        if (Call is not null) return Call;
        var method = GrainInterface.FindMethod(MethodId) ?? throw new OrleansMessageRejectionException(
            $"{Target} was called through a method ({MethodId:x}) that this process does not know; both sides must be built from the same interfaces.");
        Call = method.ReadCall(Body!.Value.Reader(binder));
        Body = null;
        return Call;
    }

    public override string ToString() => $"{MethodName} of {Target} (call {CallId} from {Origin?.ToString() ?? "a client"})";
}
