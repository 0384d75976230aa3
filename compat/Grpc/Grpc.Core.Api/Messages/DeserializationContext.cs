using System.Buffers;

namespace Grpc.Core;

/// <summary>Where a marshaller gets one message from. Each transport overrides what it supports.</summary>
public abstract class DeserializationContext
{
    public abstract int PayloadLength { get; }

    public virtual byte[] PayloadAsNewBuffer() => throw NotSupported();

    public virtual ReadOnlySequence<byte> PayloadAsReadOnlySequence() => throw NotSupported();

    private NotSupportedException NotSupported() => new($"{GetType()} does not support this way of reading a message.");
}
