using Grpc.Core;

namespace Grpc.AspNetCore.Server.Internal;

internal sealed class ServerStreamReader<TRequest>(HttpServerCallContext context, Marshaller<TRequest> marshaller) : IAsyncStreamReader<TRequest>
    where TRequest : class
{
    private readonly RequestMessages<TRequest> _messages = new(context, marshaller);
    private volatile bool _isCallOver;

    public TRequest Current { get; private set; } = null!;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_isCallOver || context.CancellationToken.IsCancellationRequested)
            throw new InvalidOperationException("Can't read messages after the request is complete.");

        // The previous message must not live on while the next one is waited for.
        Current = null!;
        Current = (await _messages.ReadNextAsync(cancellationToken))!;
        return Current is not null;
    }

    /// <summary>The handler has returned; what it left running must not touch the request any more.</summary>
    public void Close() => _isCallOver = true;
}
