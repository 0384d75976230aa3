using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>The responses of a streaming call; the end of them is the end of the call.</summary>
internal sealed class ClientStreamReader<TRequest, TResponse>(ClientCall<TRequest, TResponse> call) : IAsyncStreamReader<TResponse>
    where TRequest : class
    where TResponse : class
{
    private int _isReading;

    public TResponse Current { get; private set; } = null!;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(call.IsDisposed, call);
        if (call.Lifetime.Status is { } status)
            return status.StatusCode == StatusCode.OK ? false : throw call.Outcome.ToException(status, cancellationToken);
        if (Interlocked.Exchange(ref _isReading, 1) == 1)
            throw new InvalidOperationException("Can't read the next message because the previous read is still in progress.");

        try
        {
            // The previous message must not live on while the next one is waited for, perhaps for hours.
            Current = null!;
            using (call.Lifetime.CancelOn(cancellationToken))
                return await ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _isReading, 0);
        }
    }

    private async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        var response = await call.Accepted.ConfigureAwait(false);
        TResponse? message;
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(call.Lifetime.Ended).ConfigureAwait(false);
            message = await FrameReader.ReadAsync(stream, call.Method.ResponseMarshaller, call.Channel.MaxReceiveMessageSize, ResponseHead.Encoding(response), call.Lifetime.Ended).ConfigureAwait(false);
        }
        catch (Exception ex)
        {
            throw call.Outcome.Fail("Error reading next message.", ex, cancellationToken);
        }

        if (message is not null)
        {
            Current = message;
            return true;
        }

        var (final, trailers) = ResponseHead.Final(response);
        var status = call.Outcome.Complete(trailers, final);
        return status.StatusCode == StatusCode.OK ? false : throw call.Outcome.ToException(status, cancellationToken);
    }
}
