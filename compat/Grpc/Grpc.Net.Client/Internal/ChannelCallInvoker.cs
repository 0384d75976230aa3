using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>Starts calls on a channel. The host is the channel's: as with the real one, another is not used.</summary>
internal sealed class ChannelCallInvoker(GrpcChannel channel) : CallInvoker
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        AsyncUnaryCall(method, host, options, request).ResponseAsync.GetAwaiter().GetResult();

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = new ClientCall<TRequest, TResponse>(channel, method, options);
        var response = call.StartUnary(request);
        return new AsyncUnaryCall<TResponse>(response, _ => call.ResponseHeadersAsync, _ => call.Outcome.GetStatus(), _ => call.Outcome.GetTrailers(), _ => call.Dispose(), call);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = new ClientCall<TRequest, TResponse>(channel, method, options);
        var responses = call.StartServerStreaming(request);
        return new AsyncServerStreamingCall<TResponse>(responses, _ => call.ResponseHeadersAsync, _ => call.Outcome.GetStatus(), _ => call.Outcome.GetTrailers(), _ => call.Dispose(), call);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = new ClientCall<TRequest, TResponse>(channel, method, options);
        var (requests, response) = call.StartClientStreaming();
        return new AsyncClientStreamingCall<TRequest, TResponse>(requests, response, _ => call.ResponseHeadersAsync, _ => call.Outcome.GetStatus(), _ => call.Outcome.GetTrailers(), _ => call.Dispose(), call);
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = new ClientCall<TRequest, TResponse>(channel, method, options);
        var (requests, responses) = call.StartDuplexStreaming();
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(requests, responses, _ => call.ResponseHeadersAsync, _ => call.Outcome.GetStatus(), _ => call.Outcome.GetTrailers(), _ => call.Dispose(), call);
    }
}
