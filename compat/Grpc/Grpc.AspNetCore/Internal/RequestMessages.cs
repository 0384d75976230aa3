using System.Buffers;
using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Takes messages off a request.</summary>
internal sealed class RequestMessages<TRequest>(HttpServerCallContext context, Marshaller<TRequest> marshaller)
    where TRequest : class
{
    private static readonly Status Incomplete = new(StatusCode.Internal, "Incomplete message.");
    private static readonly Status MoreThanOne = new(StatusCode.Internal, "Additional data after the message received.");
    private static readonly Status Cancelled = new(StatusCode.Internal, "Incoming message cancelled.");

    private readonly PipeReader _body = context.HttpContext.Request.BodyReader;

    /// <summary>The message of a call that has exactly one.</summary>
    public async Task<TRequest> ReadSingleAsync()
    {
        var request = await ReadNextAsync(CancellationToken.None) ?? throw new RpcException(Incomplete);
        var rest = await _body.ReadAsync();
        var isEmpty = rest.Buffer.IsEmpty;
        _body.AdvanceTo(rest.Buffer.End);
        return isEmpty ? request : throw new RpcException(MoreThanOne);
    }

    /// <summary>The next message, or null at the end of the request.</summary>
    public async Task<TRequest?> ReadNextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await _body.ReadAsync(cancellationToken);
            var consumed = read.Buffer.Start;
            var examined = read.Buffer.End;
            try
            {
                if (read.IsCanceled)
                    throw new RpcException(Cancelled);
                if (Slice(read.Buffer) is { } content)
                {
                    consumed = examined = content.End;
                    return marshaller.ContextualDeserializer(new Payload(content));
                }

                if (read.IsCompleted)
                    return read.Buffer.IsEmpty ? null : throw new RpcException(Incomplete);
            }
            finally
            {
                // Before returning, too: whoever awaits may read on at once.
                _body.AdvanceTo(consumed, examined);
            }
        }
    }

    private ReadOnlySequence<byte>? Slice(ReadOnlySequence<byte> buffer)
    {
        if (MessageFrame.TryRead(buffer) is not { } frame)
            return null;

        Check(frame);
        return buffer.Length < MessageFrame.HeaderSize + frame.Length ? null : buffer.Slice(MessageFrame.HeaderSize, frame.Length);
    }

    private void Check(MessageFrame frame)
    {
        // Who is refused a compressed message must be told what would be accepted.
        if (frame.IsCompressed && !context.HttpContext.Response.HasStarted)
            context.HttpContext.Response.Headers[GrpcHeaders.AcceptEncoding] = GrpcHeaders.Identity;
        frame.Check(context.Settings.MaxReceiveMessageSize, context.RequestEncoding);
    }
}
