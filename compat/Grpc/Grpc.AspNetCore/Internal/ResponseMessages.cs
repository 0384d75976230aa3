using System.Buffers;
using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Puts messages into a response.</summary>
internal sealed class ResponseMessages<TResponse>(HttpServerCallContext context, Marshaller<TResponse> marshaller)
    where TResponse : class
{
    // Kept, because a handler may still write when the request has been given back to the server.
    private readonly HttpResponse _response = context.HttpContext.Response;
    private readonly PipeWriter _body = context.HttpContext.Response.BodyWriter;

    public async Task WriteAsync(TResponse message, bool flush, CancellationToken cancellationToken)
    {
        using var frame = FrameWriter.Serialize(message, marshaller, context.Settings.MaxSendMessageSize);
        if (!_response.HasStarted)
            await _response.StartAsync(cancellationToken);

        _body.Write(frame.Frame.Span);
        if (!flush)
            return;

        var flushed = await _body.FlushAsync(cancellationToken);
        // A flush of an aborted request succeeds without sending anything.
        if (!flushed.IsCompleted && context.CancellationToken.IsCancellationRequested)
            throw new OperationCanceledException("Request aborted while sending the message.", context.CancellationToken);
    }
}
