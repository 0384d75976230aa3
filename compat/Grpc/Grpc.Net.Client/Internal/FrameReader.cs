using System.Buffers;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>Takes messages off a response.</summary>
internal static class FrameReader
{
    private const int SmallMessage = 4096;

    /// <summary>The next message, or null at the end of the stream.</summary>
    public static async Task<T?> ReadAsync<T>(Stream stream, Marshaller<T> marshaller, int? maxSize, string? encoding, CancellationToken token)
        where T : class
    {
        token.ThrowIfCancellationRequested();
        // Without a buffer as long as nothing has come: many streams wait for hours.
        _ = await stream.ReadAsync(Memory<byte>.Empty, token).ConfigureAwait(false);

        var buffer = ArrayPool<byte>.Shared.Rent(SmallMessage);
        try
        {
            if (await ReadHeaderAsync(stream, buffer, token).ConfigureAwait(false) is not { } frame)
                return null;

            frame.Check(maxSize, encoding);
            if (buffer.Length < frame.Length)
                buffer = Larger(buffer, frame.Length);
            await ReadContentAsync(stream, buffer.AsMemory(0, frame.Length), token).ConfigureAwait(false);
            return marshaller.ContextualDeserializer(new Payload(new ReadOnlySequence<byte>(buffer, 0, frame.Length)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Makes sure that a single message was the only one, and that the trailers are in.</summary>
    public static async Task ReadEndAsync(Stream stream, CancellationToken token)
    {
        if (await stream.ReadAsync(new byte[1], token).ConfigureAwait(false) > 0)
            throw new InvalidDataException("Unexpected data after finished reading message.");
    }

    private static async Task<MessageFrame?> ReadHeaderAsync(Stream stream, byte[] buffer, CancellationToken token)
    {
        var header = buffer.AsMemory(0, MessageFrame.HeaderSize);
        return await stream.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, token).ConfigureAwait(false) switch
        {
            0 => null,
            < MessageFrame.HeaderSize => throw new InvalidDataException("Unexpected end of content while reading the message header."),
            _ => MessageFrame.Read(header.Span),
        };
    }

    private static async Task ReadContentAsync(Stream stream, Memory<byte> content, CancellationToken token)
    {
        if (await stream.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, token).ConfigureAwait(false) < content.Length)
            throw new InvalidDataException("Unexpected end of content while reading the message content.");
    }

    private static byte[] Larger(byte[] buffer, int length)
    {
        ArrayPool<byte>.Shared.Return(buffer);
        return ArrayPool<byte>.Shared.Rent(length);
    }
}
