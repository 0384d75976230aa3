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
    private Task<HttpResponseMessage> _sent = null!;
    private Task? _response;

    public ClientCall(GrpcChannel channel, Method<TRequest, TResponse> method, CallOptions options)
    {
        _channel = channel;
        _options = options;
        Outcome = new CallOutcome(channel, method, options);
        Method = method;
    }

    public Method<TRequest, TResponse> Method { get; }

    public GrpcChannel Channel => _channel;

    public CallOutcome Outcome { get; }

    public CallLifetime Lifetime => Outcome.Lifetime;

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

    public void Dispose()
    {
        IsDisposed = true;
        Lifetime.End(new Status(StatusCode.Cancelled, "gRPC call disposed."));
        // Whoever disposes of a call no longer awaits it.
        _response?.Observed();
    }

    private void Start(Func<HttpContent> content, bool isStreaming)
    {
        _channel.Add(this);
        Lifetime.Ended.Register(() => _channel.Remove(this));
        ClientLog.Starting(_channel.Logger, Method.FullName, Method.Type);
        Lifetime.Start();
        _sent = SendAsync(content).Observed();
        Accepted = AcceptAsync(isStreaming).Observed();
        Lifetime.Ended.Register(Outcome.LogFailure);
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
            Lifetime.Ended.ThrowIfCancellationRequested();
            var request = RequestMessage.Create(_channel.Address, Method, _options, Lifetime.Remaining, content());
            var response = _channel.Http is HttpClient client
                ? await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Lifetime.Ended).ConfigureAwait(false)
                : await _channel.Http.SendAsync(request, Lifetime.Ended).ConfigureAwait(false);
            // Once the head is here, only this resets the stream.
            Lifetime.Ended.Register(response.Dispose);
            return response;
        }
        catch (Exception ex)
        {
            throw Outcome.Fail(StartSummary, ex);
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
            throw Outcome.Fail(StartSummary, ex);
        }

        if (status.StatusCode == StatusCode.OK)
            status = new Status(StatusCode.Internal, "Failed to deserialize response message. The response header contains a gRPC status of OK, so there is no message, and a unary or client streaming call must have one.");
        throw Outcome.ToException(Outcome.Complete(response.Headers, status));
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
            var stream = await response.Content.ReadAsStreamAsync(Lifetime.Ended).ConfigureAwait(false);
            message = await FrameReader.ReadAsync(stream, Method.ResponseMarshaller, _channel.MaxReceiveMessageSize, ResponseHead.Encoding(response), Lifetime.Ended).ConfigureAwait(false);
            if (message is not null)
                await FrameReader.ReadEndAsync(stream, Lifetime.Ended).ConfigureAwait(false);
        }
        catch (Exception ex)
        {
            throw Outcome.Fail(StartSummary, ex);
        }

        var (status, trailers) = ResponseHead.Final(response);
        if (message is null && status.StatusCode == StatusCode.OK)
            status = new Status(StatusCode.Internal, "Failed to deserialize response message.");
        status = Outcome.Complete(trailers, status);
        return status.StatusCode == StatusCode.OK ? message! : throw Outcome.ToException(status);
    }
}
