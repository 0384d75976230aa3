using System.Net.Sockets;
using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>What a handler sees of its call.</summary>
internal sealed class HttpServerCallContext : ServerCallContext
{
    private static readonly AuthContext Unauthenticated = new(null, []);

    private static readonly HashSet<string> NotMetadata = new(StringComparer.OrdinalIgnoreCase)
    {
        GrpcHeaders.Encoding, GrpcHeaders.AcceptEncoding, GrpcHeaders.Timeout,
        HeaderNames.ContentEncoding, HeaderNames.ContentType, HeaderNames.TE, HeaderNames.Host, HeaderNames.AcceptEncoding,
    };

    private readonly CancellationToken _requestAborted;
    private Metadata? _requestHeaders;
    private Metadata? _responseTrailers;
    private Status _status;

    public HttpServerCallContext(HttpContext httpContext, CallSettings settings, ILogger logger)
    {
        HttpContext = httpContext;
        Settings = settings;
        Logger = logger;
        // Kept, because the request is given back to the server when the call has ended, and a handler may outlive it.
        _requestAborted = httpContext.RequestAborted;
        Timeout = ReadTimeout();
        if (Timeout is { } timeout)
            ExpiringAt = new ServerDeadline(timeout, SendDeadlineExceededAsync, logger, _requestAborted);
    }

    public HttpContext HttpContext { get; }

    public CallSettings Settings { get; }

    public ILogger Logger { get; }

    public TimeSpan? Timeout { get; }

    public ServerDeadline? ExpiringAt { get; }

    /// <summary>Null as long as no handler has asked for them.</summary>
    public Metadata? WrittenTrailers => _responseTrailers;

    public string? RequestEncoding => HttpContext.Request.Headers[GrpcHeaders.Encoding];

    protected override string MethodCore => HttpContext.Request.Path.Value!;

    protected override string HostCore => HttpContext.Request.Host.Value!;

    protected override string PeerCore => HttpContext.Connection switch
    {
        { RemoteIpAddress: null } => "unknown",
        { RemoteIpAddress: { AddressFamily: AddressFamily.InterNetwork } address, RemotePort: var port } => $"ipv4:{address}:{port}",
        { RemoteIpAddress: { AddressFamily: AddressFamily.InterNetworkV6 } address, RemotePort: var port } => $"ipv6:[{address}]:{port}",
        var other => $"unknown:{other.RemoteIpAddress}:{other.RemotePort}",
    };

    protected override DateTime DeadlineCore => ExpiringAt?.Deadline ?? DateTime.MaxValue;

    protected override CancellationToken CancellationTokenCore => ExpiringAt?.Token ?? _requestAborted;

    protected override Metadata RequestHeadersCore => _requestHeaders ??= ReadHeaders();

    protected override Metadata ResponseTrailersCore => _responseTrailers ??= [];

    protected override Status StatusCore
    {
        get => _status;
        set => _status = value;
    }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    // Client certificates are not looked at: whoever needs them finds them in the HttpContext.
    protected override AuthContext AuthContextCore => Unauthenticated;

    protected override IDictionary<object, object> UserStateCore => HttpContext.Items!;

    protected override async Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        ArgumentNullException.ThrowIfNull(responseHeaders);
        if (HttpContext.Response.HasStarted)
            throw new InvalidOperationException("Response headers can only be sent once per call.");

        foreach (var entry in responseHeaders)
        {
            if (entry.Key == GrpcHeaders.RequestedEncoding && entry.Value != GrpcHeaders.Identity)
                throw new InvalidOperationException($"Could not find compression provider for '{entry.Value}'; messages can only be sent as they are ('{GrpcHeaders.Identity}').");
            if (entry.Key != GrpcHeaders.RequestedEncoding)
                TrailerWriter.Append(HttpContext.Response.Headers, entry);
        }

        await HttpContext.Response.BodyWriter.FlushAsync(CancellationToken);
    }

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
        throw new NotSupportedException("CreatePropagationToken is not supported by this server; pass the call's Deadline and CancellationToken on yourself.");

    private Metadata ReadHeaders()
    {
        var metadata = new Metadata();
        foreach (var (name, values) in HttpContext.Request.Headers)
        {
            if (name.StartsWith(':') || NotMetadata.Contains(name))
                continue;
            foreach (var value in values)
                metadata.AddHeader(name, value ?? "");
        }

        return metadata;
    }

    private TimeSpan? ReadTimeout()
    {
        string? header = HttpContext.Request.Headers[GrpcHeaders.Timeout];
        var timeout = GrpcTimeout.Decode(header);
        if (header is not null && timeout is null)
            ServerLog.InvalidTimeout(Logger, header);
        return timeout;
    }

    private async Task SendDeadlineExceededAsync()
    {
        ServerLog.DeadlineExceeded(Logger, Timeout!.Value);
        try
        {
            _status = new Status(StatusCode.DeadlineExceeded, "Deadline Exceeded");
            TrailerWriter.Write(HttpContext.Response, _status);
            await HttpContext.Response.CompleteAsync();
        }
        catch (Exception ex)
        {
            // The handler may be writing at this very moment. Then the reset alone tells the client.
            ServerLog.DeadlineFailed(Logger, ex);
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Stops the client from sending more. After a completed response it changes nothing about the status.</summary>
    public void Reset()
    {
        const int Http2Cancel = 8;
        if (HttpContext.Features.Get<IHttpResetFeature>() is { } reset)
            reset.Reset(Http2Cancel);
        else
            HttpContext.Abort();
    }
}
