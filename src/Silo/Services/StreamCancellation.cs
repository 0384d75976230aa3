using Grpc.Core;

namespace VaeCluster.Silo.Services;

/// <summary>How long a stream waits for news: until its caller goes away, or this silo stops.</summary>
internal sealed class StreamPatience
{
    private readonly CancellationToken _stopping;

    public StreamPatience(IHostApplicationLifetime lifetime) => _stopping = lifetime.ApplicationStopping;

    /// <exception cref="OperationCanceledException">The caller has gone away.</exception>
    /// <exception cref="RpcException">The silo stops: Unavailable, so that the caller asks another one. A stream that stayed open would hold up the end.</exception>
    public async Task<T> WaitAsync<T>(Task<T> news, ServerCallContext context)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stopping, context.CancellationToken);
        try
        {
            return await news.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "This silo is stopping; ask again, or another one."));
        }
    }
}
