using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>The requests of a streaming call, one write at a time.</summary>
internal sealed class ClientStreamWriter<TRequest, TResponse> : IClientStreamWriter<TRequest>
    where TRequest : class
    where TResponse : class
{
    private readonly Lock _gate = new();
    private readonly ClientCall<TRequest, TResponse> _call;
    private readonly StreamingContent _content;
    private Task _write = Task.CompletedTask;
    private bool _isCompleted;

    public ClientStreamWriter(ClientCall<TRequest, TResponse> call, StreamingContent content, WriteOptions? options)
    {
        _call = call;
        _content = content;
        WriteOptions = options;
        call.Lifetime.Ended.Register(content.Abandon);
    }

    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(TRequest message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(TRequest message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        ObjectDisposedException.ThrowIf(_call.IsDisposed, _call);
        lock (_gate)
        {
            if (_isCompleted)
                return Task.FromException(new InvalidOperationException("Request stream has already been completed."));
            if (_call.Lifetime.Status is { } status)
                return Task.FromException(_call.Outcome.ToException(status, cancellationToken));
            if (!_write.IsCompleted)
                return Task.FromException(new InvalidOperationException("Can't write the message because the previous write is in progress."));

            return _write = WriteCoreAsync(message, cancellationToken);
        }
    }

    public Task CompleteAsync()
    {
        ObjectDisposedException.ThrowIf(_call.IsDisposed, _call);
        lock (_gate)
        {
            if (!_write.IsCompleted)
                return Task.FromException(new InvalidOperationException("Can't complete the client stream writer because the previous write is in progress."));

            _isCompleted = true;
        }

        _content.Complete();
        return Task.CompletedTask;
    }

    private async Task WriteCoreAsync(TRequest message, CancellationToken cancellationToken)
    {
        using var registration = _call.Lifetime.CancelOn(cancellationToken);
        try
        {
            var stream = await _content.Stream.ConfigureAwait(false);
            using var frame = FrameWriter.Serialize(message, _call.Method.RequestMarshaller, _call.Channel.MaxSendMessageSize);
            await stream.WriteAsync(frame.Frame, _call.Lifetime.Ended).ConfigureAwait(false);
            await stream.FlushAsync(_call.Lifetime.Ended).ConfigureAwait(false);
        }
        catch (Exception ex) when (ex is OperationCanceledException or ObjectDisposedException or IOException)
        {
            // The server has gone or has answered early. Its status comes with the response, which is read elsewhere.
            var status = _call.Lifetime.Status ?? new Status(StatusCode.Cancelled, "", ex);
            throw _call.Outcome.ToException(status, cancellationToken);
        }
    }
}
