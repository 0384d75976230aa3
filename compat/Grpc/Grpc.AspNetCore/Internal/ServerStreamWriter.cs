using Grpc.Core;

namespace Grpc.AspNetCore.Server.Internal;

internal sealed class ServerStreamWriter<TResponse>(HttpServerCallContext context, Marshaller<TResponse> marshaller) : IServerStreamWriter<TResponse>
    where TResponse : class
{
    private readonly Lock _gate = new();
    private readonly ResponseMessages<TResponse> _messages = new(context, marshaller);
    private Task _write = Task.CompletedTask;
    private volatile bool _isCallOver;

    public WriteOptions? WriteOptions
    {
        get => context.WriteOptions;
        set => context.WriteOptions = value;
    }

    public Task WriteAsync(TResponse message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(TResponse message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        // A message cannot be taken back half written, so whoever cancels a write cancels the call.
        using var registration = cancellationToken.Register(context.Reset);
        cancellationToken.ThrowIfCancellationRequested();
        if (_isCallOver || context.CancellationToken.IsCancellationRequested)
            throw new InvalidOperationException("Can't write the message because the request is complete.");

        var isHinted = ((WriteOptions?.Flags ?? default) & WriteFlags.BufferHint) != 0;
        lock (_gate)
        {
            if (!_write.IsCompleted)
                throw new InvalidOperationException("Can't write the message because the previous write is in progress.");
            _write = _messages.WriteAsync(message, flush: !isHinted, cancellationToken);
        }

        await _write;
    }

    /// <summary>The handler has returned; what it left running must not touch the response any more.</summary>
    public void Close() => _isCallOver = true;
}
