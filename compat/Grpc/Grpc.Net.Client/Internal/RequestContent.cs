using System.Net;
using System.Net.Http.Headers;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>A request's body, of a length that is not announced.</summary>
internal abstract class RequestContent : HttpContent
{
    private static readonly MediaTypeHeaderValue GrpcContentType = new(GrpcHeaders.ContentType);

    protected RequestContent() => Headers.ContentType = GrpcContentType;

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}

/// <summary>The only message of a call. The handler may send it more than once, so its buffer is not given back to the pool.</summary>
internal sealed class SingleContent(FrameWriter message) : RequestContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        stream.WriteAsync(message.Frame, cancellationToken).AsTask();
}

/// <summary>Lends the request's stream to the writer of a call until that one has completed it.</summary>
internal sealed class StreamingContent : RequestContent
{
    private readonly TaskCompletionSource<Stream> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Continuations run inside of Complete: when it returns, the end of the stream is on its way, and disposing
    // of the call does not reset a stream that was completed.
    private readonly TaskCompletionSource _completed = new();

    public Task<Stream> Stream => _stream.Task;

    public void Complete() => _completed.TrySetResult();

    public void Abandon()
    {
        _stream.TrySetCanceled();
        _completed.TrySetCanceled();
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        // The server learns of the call before the first message.
        await stream.FlushAsync().ConfigureAwait(false);
        if (!_stream.TrySetResult(stream))
            throw new InvalidOperationException("A request stream cannot be sent a second time: its messages are gone.");

        await _completed.Task.ConfigureAwait(false);
    }
}
