using System.Buffers;

namespace Grpc.Core.Wire;

/// <summary>A received message. It points into the transport's buffer, so a deserializer must not keep it.</summary>
internal sealed class Payload(ReadOnlySequence<byte> bytes) : DeserializationContext
{
    public override int PayloadLength => checked((int)bytes.Length);

    public override byte[] PayloadAsNewBuffer() => bytes.ToArray();

    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => bytes;
}
