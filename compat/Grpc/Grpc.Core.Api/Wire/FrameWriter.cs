using System.Buffers;

namespace Grpc.Core.Wire;

/// <summary>Serializes one message behind its frame's header, so that both leave in one write.</summary>
internal sealed class FrameWriter(int? maxSize) : SerializationContext, IBufferWriter<byte>, IDisposable
{
    private const int SmallMessage = 256;

    private byte[] _buffer = [];
    private int _written;
    private bool _isComplete;

    /// <summary>The whole frame. It is valid until this is disposed.</summary>
    public static FrameWriter Serialize<T>(T message, Marshaller<T> marshaller, int? maxSize)
    {
        ArgumentNullException.ThrowIfNull(message);
        var writer = new FrameWriter(maxSize);
        try
        {
            marshaller.ContextualSerializer(message, writer);
            return writer._isComplete
                ? writer
                : throw new InvalidOperationException($"The serializer of {typeof(T)} returned without completing the message.");
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    public ReadOnlyMemory<byte> Frame => _buffer.AsMemory(0, _written);

    public override void SetPayloadLength(int payloadLength)
    {
        CheckIncomplete();
        CheckSize(payloadLength);
        Reserve(MessageFrame.HeaderSize + payloadLength);
    }

    public override IBufferWriter<byte> GetBufferWriter()
    {
        CheckIncomplete();
        return this;
    }

    public override void Complete(byte[] payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        CheckIncomplete();
        CheckSize(payload.Length);
        payload.CopyTo(GetSpan(payload.Length));
        Advance(payload.Length);
        Complete();
    }

    public override void Complete()
    {
        CheckIncomplete();
        Start();
        var length = _written - MessageFrame.HeaderSize;
        CheckSize(length);
        MessageFrame.Write(_buffer, length);
        _isComplete = true;
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _buffer.Length - _written);
        _written += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Start();
        Reserve(_written + Math.Max(sizeHint, 1));
        return _buffer.AsMemory(_written);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _written = 0;
    }

    // The header's place is left free until the length is known.
    private void Start()
    {
        if (_written > 0)
            return;

        Reserve(MessageFrame.HeaderSize);
        _written = MessageFrame.HeaderSize;
    }

    private void Reserve(int size)
    {
        if (_buffer.Length >= size)
            return;

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(size, Math.Max(SmallMessage, (int)Math.Min(2L * _buffer.Length, Array.MaxLength))));
        Frame.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private void CheckIncomplete()
    {
        if (_isComplete)
            throw new InvalidOperationException("The message is complete; a serializer writes one message.");
    }

    private void CheckSize(int length)
    {
        if (length > maxSize)
            throw new RpcException(WireStatus.SentTooLarge);
    }
}
