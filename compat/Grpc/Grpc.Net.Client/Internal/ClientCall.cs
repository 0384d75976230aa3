using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>One call of any kind, from its start to its status.</summary>
internal sealed class ClientCall<TRequest, TResponse> : IDisposable
    where TRequest : class
    where TResponse : class
{
    private const string StartSummary = "Error starting gRPC call.";

    private readonly GrpcChannel _channel;
    private readonly CallOptions _options;
    private readonly CallLifetime _lifetime;
    private Task<HttpResponseMessage> _sent = null!;
    private Task? _response;
    private HttpHeaders? _trailers;

    public ClientCall(GrpcChannel channel, Method<TRequest, TResponse> method, CallOptions options)
    {
        _channel = channel;
        _options = options;
        _lifetime = new CallLifetime(options);
        Method = method;
    }

    public Method<TRequest, TResponse> Method { get; }

    public GrpcChannel Channel => _channel;

    public CallLifetime Lifetime => _lifetime;

    public bool IsDisposed { get; private set; }

    public Task<Metadata> ResponseHeadersAsync => field ??= ReadHeadersAsync().Observed();

    /// <summary>The response once its head has promised messages; failed with the call's status otherwise.</summary>
    public Task<HttpResponseMessage> Accepted { get; private set; } = null!;

    public Task<TResponse> StartUnary(TRequest request)
    {
        Start(() => Single(request), isStreaming: false);
        return Response();
    }

    public ClientStreamReader<TRequest, TResponse> StartServerStreaming(TRequest request)
    {
        Start(() => Single(request), isStreaming: true);
        return new ClientStreamReader<TRequest, TResponse>(this);
    }

    public (ClientStreamWriter<TRequest, TResponse> Requests, Task<TResponse> Response) StartClientStreaming()
    {
        var content = new StreamingContent();
        Start(() => content, isStreaming: false);
        return (new ClientStreamWriter<TRequest, TResponse>(this, content, _options.WriteOptions), Response());
    }

    public (ClientStreamWriter<TRequest, TResponse> Requests, ClientStreamReader<TRequest, TResponse> Responses) StartDuplexStreaming()
    {
        var content = new StreamingContent();
        Start(() => content, isStreaming: true);
        return (new ClientStreamWriter<TRequest, TResponse>(this, content, _options.WriteOptions), new ClientStreamReader<TRequest, TResponse>(this));
    }

    public Status GetStatus() =>
        _lifetime.Status ?? throw new InvalidOperationException("Unable to get the status because the call is not complete.");

    public Metadata GetTrailers() => ResponseHead.Metadata(
        _trailers ?? throw new InvalidOperationException("Can't get the call trailers because the call has not completed successfully."));

    public void Dispose()
    {
        IsDisposed = true;
        _lifetime.End(new Status(StatusCode.Cancelled, "gRPC call disposed."));
        // Whoever disposes of a call no longer awaits it.
        _response?.Observed();
    }

    /// <summary>Ends the call with the status that the response carries, and says which status counts.</summary>
    public Status Complete(HttpHeaders trailers, Status status)
    {
        // First, so that whoever sees the status finds the trailers.
        _trailers = trailers;
        return _lifetime.End(status);
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
        if (status.StatusCode == StatusCode.Cancelled && _lifetime.IsLate)
            status = new Status(StatusCode.DeadlineExceeded, status.Detail, status.DebugException);
        return ToException(_lifetime.End(status), token);
    }

    public Exception ToException(Status status, CancellationToken token = default)
    {
        if (!_channel.ThrowOperationCanceledOnCancellation || status.StatusCode is not (StatusCode.Cancelled or StatusCode.DeadlineExceeded))
            return new RpcException(status, _trailers is null ? Metadata.Empty : GetTrailers());

        var cause = token.IsCancellationRequested ? token : _options.CancellationToken.IsCancellationRequested ? _options.CancellationToken : _lifetime.Ended;
        return new OperationCanceledException(status.ToString(), status.DebugException, cause);
    }

    private void Start(Func<HttpContent> content, bool isStreaming)
    {
        _channel.Add(this);
        _lifetime.Ended.Register(() => _channel.Remove(this));
        ClientLog.Starting(_channel.Logger, Method.FullName, Method.Type);
        _lifetime.Start();
        _sent = SendAsync(content).Observed();
        Accepted = AcceptAsync(isStreaming).Observed();
        _lifetime.Ended.Register(LogFailure);
    }

    private Task<TResponse> Response()
    {
        var response = ReadSingleAsync();
        _response = response;
        return response;
    }

    private SingleContent Single(TRequest request) =>
        new(FrameWriter.Serialize(request, Method.RequestMarshaller, _channel.MaxSendMessageSize));

    private async Task<HttpResponseMessage> SendAsync(Func<HttpContent> content)
    {
        try
        {
            _lifetime.Ended.ThrowIfCancellationRequested();
            var request = RequestMessage.Create(_channel.Address, Method, _options, _lifetime.Remaining, content());
            var response = _channel.Http is HttpClient client
                ? await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _lifetime.Ended).ConfigureAwait(false)
                : await _channel.Http.SendAsync(request, _lifetime.Ended).ConfigureAwait(false);
            // Once the head is here, only this resets the stream.
            _lifetime.Ended.Register(response.Dispose);
            return response;
        }
        catch (Exception ex)
        {
            throw Fail(StartSummary, ex);
        }
    }

    private async Task<HttpResponseMessage> AcceptAsync(bool isStreaming)
    {
        var response = await _sent.ConfigureAwait(false);
        Status status;
        try
        {
            if (ResponseHead.Check(response) is not { } decided || (decided.StatusCode == StatusCode.OK && isStreaming))
                return response;
            status = decided;
        }
        catch (InvalidDataException ex)
        {
            throw Fail(StartSummary, ex);
        }

        if (status.StatusCode == StatusCode.OK)
            status = new Status(StatusCode.Internal, "Failed to deserialize response message. The response header contains a gRPC status of OK, so there is no message, and a unary or client streaming call must have one.");
        throw ToException(Complete(response.Headers, status));
    }

    private async Task<Metadata> ReadHeadersAsync()
    {
        var response = await _sent.ConfigureAwait(false);
        return ResponseHead.Metadata(response.Headers);
    }

    private async Task<TResponse> ReadSingleAsync()
    {
        var response = await Accepted.ConfigureAwait(false);
        TResponse? message;
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(_lifetime.Ended).ConfigureAwait(false);
            message = await FrameReader.ReadAsync(stream, Method.ResponseMarshaller, _channel.MaxReceiveMessageSize, ResponseHead.Encoding(response), _lifetime.Ended).ConfigureAwait(false);
            if (message is not null)
                await FrameReader.ReadEndAsync(stream, _lifetime.Ended).ConfigureAwait(false);
        }
        catch (Exception ex)
        {
            throw Fail(StartSummary, ex);
        }

        var (status, trailers) = ResponseHead.Final(response);
        if (message is null && status.StatusCode == StatusCode.OK)
            status = new Status(StatusCode.Internal, "Failed to deserialize response message.");
        status = Complete(trailers, status);
        return status.StatusCode == StatusCode.OK ? message! : throw ToException(status);
    }

    private void LogFailure()
    {
        if (GetStatus() is { StatusCode: not StatusCode.OK } status)
            ClientLog.Failed(_channel.Logger, Method.FullName, status.StatusCode, status.Detail, status.DebugException);
    }
}
