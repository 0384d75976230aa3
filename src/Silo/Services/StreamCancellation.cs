using Grpc.Core;

namespace VaeCluster.Silo.Services;

/// <summary>Ends the wait of a stream for its next message when its caller cancels or this silo stops.</summary>
internal sealed class StreamCancellation
{
    private readonly CancellationToken _stopping;

    public StreamCancellation(IHostApplicationLifetime lifetime) => _stopping = lifetime.ApplicationStopping;

    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    /// <exception cref="RpcException">The silo stops: Unavailable, so that the caller asks another one. A stream that stays open delays the stop.</exception>
    public async Task<T> WaitAsync<T>(Task<T> next, ServerCallContext context)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stopping, context.CancellationToken);
        try
        {
            return await next.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "This silo is stopping; ask again, or another one."));
        }
    }
}
