using System.Net.Http.Headers;
using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>How a call has ended, and what its caller is told of it.</summary>
internal sealed class CallOutcome(GrpcChannel channel, IMethod method, CallOptions options)
{
    private HttpHeaders? _trailers;

    public CallLifetime Lifetime { get; } = new(options);

    public Status GetStatus() =>
        Lifetime.Status ?? throw new InvalidOperationException("Unable to get the status because the call is not complete.");

    public Metadata GetTrailers() => ResponseHead.Metadata(
        _trailers ?? throw new InvalidOperationException("Can't get the call trailers because the call has not completed successfully."));

    /// <summary>Ends the call with the status that the response carries, and says which status counts.</summary>
    public Status Complete(HttpHeaders trailers, Status status)
    {
        // First, so that whoever sees the status finds the trailers.
        _trailers = trailers;
        return Lifetime.End(status);
    }

    /// <summary>Ends the call with what broke it, unless it has ended before: then that is why it broke.</summary>
    public Exception Fail(string summary, Exception exception, CancellationToken token = default)
    {
        var status = exception switch
        {
            RpcException refused => refused.Status,
            OperationCanceledException => new Status(StatusCode.Cancelled, "", exception),
            _ => TransportFailure.ToStatus(summary, exception),
        };
        // The server may see the deadline before our timer does, and reset the call.
        if (status.StatusCode == StatusCode.Cancelled && Lifetime.IsLate)
            status = new Status(StatusCode.DeadlineExceeded, status.Detail, status.DebugException);
        return ToException(Lifetime.End(status), token);
    }

    public Exception ToException(Status status, CancellationToken token = default)
    {
        if (!channel.ThrowOperationCanceledOnCancellation || status.StatusCode is not (StatusCode.Cancelled or StatusCode.DeadlineExceeded))
            return new RpcException(status, _trailers is null ? Metadata.Empty : GetTrailers());

        var cause = token.IsCancellationRequested ? token : options.CancellationToken.IsCancellationRequested ? options.CancellationToken : Lifetime.Ended;
        return new OperationCanceledException(status.ToString(), status.DebugException, cause);
    }

    public void LogFailure()
    {
        if (GetStatus() is { StatusCode: not StatusCode.OK } status)
            ClientLog.Failed(channel.Logger, method.FullName, status.StatusCode, status.Detail, status.DebugException);
    }
}
