using Grpc.Core;
using Grpc.Core.Interceptors;
using VaeCluster.Contracts;

namespace VaeCluster.Silo.Services;

/// <summary>
/// Bounds how many streams a silo serves at once, and ends every call soon after the silo is asked to stop: a call that is blocked would otherwise hold the
/// stop up for as long as the host lets it.
/// </summary>
internal sealed class CallLimitInterceptor : Interceptor, IDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private int _streams;

    public CallLimitInterceptor(IHostApplicationLifetime lifetime) =>
        lifetime.ApplicationStopping.Register(() => _ended.CancelAfter(ApiLimits.StopGrace));

    public void Dispose() => _ended.Dispose();

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request,
        ServerCallContext context,
        UnaryServerMethod<TRequest, TResponse> continuation) => EndWithSiloAsync(continuation(request, context));

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation) => CountAsync(() => continuation(request, responseStream, context));

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) => CountAsync(() => continuation(requestStream, responseStream, context));

    private async Task CountAsync(Func<Task> stream)
    {
        try
        {
            if (Interlocked.Increment(ref _streams) > ApiLimits.StreamsMax)
                throw new LimitException(
                    $"{ApiLimits.StreamsMax} streams are open on this silo, which is the most that it serves at once. End some (vaectl watch, "
                        + "vaectl logs --follow), or use another silo.");
            await EndWithSiloAsync(WithResultAsync(stream));
        }
        finally
        {
            Interlocked.Decrement(ref _streams);
        }
    }

    private static async Task<bool> WithResultAsync(Func<Task> stream)
    {
        await stream();
        return true;
    }

    private async Task<T> EndWithSiloAsync<T>(Task<T> call)
    {
        try
        {
            return await call.WaitAsync(_ended.Token);
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, StreamCancellation.StoppingMessage));
        }
    }
}
