using System.Buffers;

namespace Grpc.Core;

/// <summary>Where a marshaller puts one message. Each transport overrides what it supports.</summary>
public abstract class SerializationContext
{
    public virtual void Complete(byte[] payload) => throw NotSupported();

    public virtual IBufferWriter<byte> GetBufferWriter() => throw NotSupported();

    public virtual void SetPayloadLength(int payloadLength) => throw NotSupported();

    public virtual void Complete() => throw NotSupported();

    private NotSupportedException NotSupported() => new($"{GetType()} does not support this way of serializing a message.");
}
