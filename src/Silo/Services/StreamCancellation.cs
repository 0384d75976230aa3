using Grpc.Core;

namespace VaeCluster.Silo.Services;

/// <summary>Ends the wait of a stream for its next message when its caller cancels or this silo stops.</summary>
internal sealed class StreamCancellation
{
    /// <summary>What callers learn whose call ends with the silo.</summary>
    public const string StoppingMessage = "This silo is stopping. Run it again, or use another silo.";

    private readonly CancellationToken _stopping;

    public StreamCancellation(IHostApplicationLifetime lifetime) => _stopping = lifetime.ApplicationStopping;

    /// <summary>The messages of a stream.</summary>
    /// <param name="open">Opens the stream; its token ends it.</param>
    /// <param name="context">The call that reads it.</param>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    /// <exception cref="RpcException">The silo stops: Unavailable, so that the caller asks another one. A stream that stays open delays the stop.</exception>
    public async IAsyncEnumerable<T> ReadAsync<T>(Func<CancellationToken, IAsyncEnumerable<T>> open, ServerCallContext context)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stopping, context.CancellationToken);
        await using var messages = open(either.Token).GetAsyncEnumerator(either.Token);
        while (await EndedByStopAsync(messages.MoveNextAsync().AsTask()))
            yield return messages.Current;
    }

    private async Task<T> EndedByStopAsync<T>(Task<T> wait)
    {
        try
        {
            return await wait;
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, StoppingMessage));
        }
    }
}
