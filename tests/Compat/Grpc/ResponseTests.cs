using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using VaeCluster.Compat.Grpc.Hosting;
using VaeCluster.Compat.Grpc.Protos;

namespace VaeCluster.Compat.Grpc;

/// <summary>What the client makes of answers that no proper server gives.</summary>
public sealed class ResponseTests
{
    private static readonly byte[] Message = new EchoReply { Text = "hello" }.ToByteArray();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(400, StatusCode.Internal)]
    [InlineData(401, StatusCode.Unauthenticated)]
    [InlineData(403, StatusCode.PermissionDenied)]
    [InlineData(404, StatusCode.Unimplemented)]
    [InlineData(429, StatusCode.Unavailable)]
    [InlineData(431, StatusCode.Internal)]
    [InlineData(500, StatusCode.Unknown)]
    [InlineData(502, StatusCode.Unavailable)]
    [InlineData(503, StatusCode.Unavailable)]
    [InlineData(504, StatusCode.Unavailable)]
    [InlineData(302, StatusCode.Unknown)]
    public async Task Call_WithHttpStatus_MapsIt(int http, StatusCode expected)
    {
        var failure = await FailureAsync(expected, context => context.Response.StatusCode = http);

        Assert.Equal($"Bad gRPC response. HTTP status code: {http}", failure.Status.Detail);
    }

    [Fact]
    public async Task Call_WithHttpAndGrpcStatus_TakesTheGrpcOne()
    {
        var failure = await FailureAsync(StatusCode.Aborted, context =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers["grpc-status"] = "10";
            context.Response.Headers["grpc-message"] = "100%25";
            context.Response.Headers["extra"] = "kept";
        });

        Assert.Equal("100%", failure.Status.Detail);
        Assert.Equal("kept", failure.Trailers.GetValue("extra"));
    }

    [Theory]
    [InlineData(null, "Bad gRPC response. Response did not have a content-type header.")]
    [InlineData("text/html", "Bad gRPC response. Invalid content-type value: text/html")]
    public async Task Call_WithOtherContentType_IsCancelled(string? contentType, string detail)
    {
        var failure = await FailureAsync(StatusCode.Cancelled, context => context.Response.ContentType = contentType);

        Assert.Equal(detail, failure.Status.Detail);
    }

    [Fact]
    public async Task Call_WithoutStatus_IsCancelled()
    {
        var failure = await FailureAsync(StatusCode.Cancelled, RawCall.Frame(Message), status: null);

        Assert.Equal("No grpc-status found on response.", failure.Status.Detail);
    }

    [Fact]
    public async Task Call_WithBadStatus_IsCancelled()
    {
        var failure = await FailureAsync(StatusCode.Cancelled, RawCall.Frame(Message), status: "fine");

        Assert.Equal("Unexpected grpc-status value: fine", failure.Status.Detail);
    }

    [Fact]
    public async Task Call_WithOkButNoMessage_IsInternal()
    {
        var failure = await FailureAsync(StatusCode.Internal, [], status: "0");

        Assert.Equal("Failed to deserialize response message.", failure.Status.Detail);
    }

    [Fact]
    public async Task Call_WithOkInTheHead_IsInternal()
    {
        var failure = await FailureAsync(StatusCode.Internal, context =>
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = "0";
        });

        Assert.StartsWith("Failed to deserialize response message. The response header contains a gRPC status of OK", failure.Status.Detail, StringComparison.Ordinal);
    }

    public static TheoryData<byte[], StatusCode, string> MalformedBodies => new()
    {
        { [0, 0], StatusCode.Internal, "Unexpected end of content while reading the message header." },
        { RawCall.Frame(Message, length: Message.Length + 1), StatusCode.Internal, "Unexpected end of content while reading the message content." },
        { [.. RawCall.Frame(Message), 9], StatusCode.Internal, "Unexpected data after finished reading message." },
        { RawCall.Frame(Message, flag: 7), StatusCode.Internal, "Unexpected compressed flag value in message header." },
        { RawCall.Frame(Message, flag: 1), StatusCode.Internal, "Request sent 'identity' grpc-encoding value with compressed message." },
        { RawCall.Frame(Message, length: 5_000_000), StatusCode.ResourceExhausted, "Received message exceeds the maximum configured message size." },
        // As the real client: protobuf's exception is an IOException.
        { RawCall.Frame([0xff]), StatusCode.Unavailable, "Error starting gRPC call. InvalidProtocolBufferException:" },
    };

    [Theory]
    [MemberData(nameof(MalformedBodies))]
    public async Task Call_WithMalformedBody_Fails(byte[] body, StatusCode code, string detail)
    {
        var failure = await FailureAsync(code, body, status: "0");

        Assert.Contains(detail, failure.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, StatusCode.Internal)]
    [InlineData(7, StatusCode.Unavailable)]
    [InlineData(8, StatusCode.Cancelled)]
    [InlineData(11, StatusCode.ResourceExhausted)]
    [InlineData(12, StatusCode.PermissionDenied)]
    public async Task Call_WhenTheStreamIsReset_MapsTheCode(int http2Error, StatusCode expected)
    {
        // Refused streams are sent again by the handler, so the reset comes after the head.
        await FailureAsync(expected, async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.StartAsync();
            await context.Response.BodyWriter.FlushAsync();
            context.Features.Get<IHttpResetFeature>()!.Reset(http2Error);
        });
    }

    [Fact]
    public async Task Stream_WithOkInTheHead_IsEmpty()
    {
        await using var server = await RawServer.StartAsync(context =>
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = "0";
            return Task.CompletedTask;
        });
        using var channel = GrpcChannel.ForAddress(server.Address);
        using var call = new Probe.ProbeClient(channel).Count(new CountRequest(), cancellationToken: Token);

        Assert.False(await call.ResponseStream.MoveNext(Token));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Stream_WithErrorInTheHead_Fails()
    {
        await using var server = await RawServer.StartAsync(context =>
        {
            context.Response.Headers["grpc-status"] = "7";
            context.Response.Headers["grpc-message"] = "no";
            return Task.CompletedTask;
        });
        using var channel = GrpcChannel.ForAddress(server.Address);
        using var call = new Probe.ProbeClient(channel).Count(new CountRequest(), cancellationToken: Token);

        var failure = await RpcAssert.FailsAsync(StatusCode.PermissionDenied, () => call.ResponseStream.MoveNext(Token));

        Assert.Equal("no", failure.Status.Detail);
        Assert.Empty((await call.ResponseHeadersAsync).GetAll("grpc-status"));
    }

    [Fact]
    public async Task Call_ToHttp1Server_IsUnavailable()
    {
        await using var server = await RawServer.StartAsync(context => context.Response.WriteAsync("hello"), HttpProtocols.Http1);
        using var channel = GrpcChannel.ForAddress(server.Address);

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await new Probe.ProbeClient(channel).EchoAsync(new EchoRequest(), cancellationToken: Token));

        Assert.StartsWith("Error starting gRPC call.", failure.Status.Detail, StringComparison.Ordinal);
        Assert.IsType<HttpRequestException>(failure.InnerException);
    }

    private static Task<RpcException> FailureAsync(StatusCode code, byte[] body, string? status) => FailureAsync(code, async context =>
    {
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(body);
        if (status is not null)
            context.Response.AppendTrailer("grpc-status", status);
    });

    private static Task<RpcException> FailureAsync(StatusCode code, Action<HttpContext> answer) => FailureAsync(code, context =>
    {
        answer(context);
        return Task.CompletedTask;
    });

    private static async Task<RpcException> FailureAsync(StatusCode code, Func<HttpContext, Task> answer)
    {
        await using var server = await RawServer.StartAsync(context => answer(context));
        using var channel = GrpcChannel.ForAddress(server.Address);
        return await RpcAssert.FailsAsync(code, () => new Probe.ProbeClient(channel).EchoAsync(new EchoRequest()).ResponseAsync);
    }
}
