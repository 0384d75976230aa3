using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Grpc.Net.Client;

public sealed class GrpcChannelOptions
{
    /// <summary>Whether the channel uses TLS.</summary>
    /// <value>Null: the address says it.</value>
    public ChannelCredentials? Credentials { get; set; }

    /// <summary>The largest message to send, in bytes.</summary>
    /// <value>Null: no limit.</value>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>The largest message to receive, in bytes; null is no limit.</summary>
    /// <value>4 MiB.</value>
    public int? MaxReceiveMessageSize { get; set; } = 4 * 1024 * 1024;

    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>What sends the calls; not together with <see cref="HttpHandler"/>.</summary>
    public HttpClient? HttpClient { get; set; }

    /// <summary>What sends the calls; not together with <see cref="HttpClient"/>.</summary>
    /// <value>Null: a handler of the channel's own.</value>
    public HttpMessageHandler? HttpHandler { get; set; }

    /// <summary>Whether the channel disposes of a client or handler that it was given.</summary>
    /// <value>false. What the channel has made itself it always disposes of.</value>
    public bool DisposeHttpClient { get; set; }

    /// <summary>Whether a call that is cancelled or late throws an <see cref="OperationCanceledException"/>.</summary>
    /// <value>false: it throws an <see cref="RpcException"/>.</value>
    public bool ThrowOperationCanceledOnCancellation { get; set; }
}
