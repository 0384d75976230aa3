using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using VaeCluster.Compat.Grpc.Hosting;
using VaeCluster.Compat.Grpc.Protos;

namespace VaeCluster.Compat.Grpc;

/// <summary>However a handler ends, the client learns of it as with the real packages.</summary>
public sealed class StatusTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_WhenHandlerThrowsStatus_FailsWithItAndItsTrailers()
    {
        await using var server = await ProbeServer.StartAsync();

        var failure = await RpcAssert.FailsAsync(StatusCode.FailedPrecondition, () => server.Client().EchoAsync(new EchoRequest { Action = "status" }).ResponseAsync);

        Assert.Equal("Run 'é%\n' cannot start: 日本 😀.", failure.Status.Detail);
        Assert.Equal("Status(StatusCode=\"FailedPrecondition\", Detail=\"Run 'é%\n' cannot start: 日本 😀.\")", failure.Message);
        Assert.Equal("not-ready", failure.Trailers.GetValue("reason"));
        Assert.Equal([0, 255, 10], failure.Trailers.GetValueBytes("state-bin"));
        Assert.Contains(server.Log.Entries, e => e.Level == LogLevel.Information && e.Text.StartsWith("Error status code 'FailedPrecondition'", StringComparison.Ordinal));
        Assert.DoesNotContain(server.Log.Entries, e => e.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task Stream_WhenHandlerThrowsStatusAfterMessages_GivesThemFirst()
    {
        await using var server = await ProbeServer.StartAsync();
        using var call = server.Client().Count(new CountRequest { Count = 2, Action = "status" }, cancellationToken: Token);

        Assert.True(await call.ResponseStream.MoveNext(Token));
        Assert.True(await call.ResponseStream.MoveNext(Token));
        var failure = await RpcAssert.FailsAsync(StatusCode.FailedPrecondition, () => call.ResponseStream.MoveNext(Token));

        Assert.Equal("not-ready", failure.Trailers.GetValue("reason"));
        Assert.Equal(StatusCode.FailedPrecondition, call.GetStatus().StatusCode);
        Assert.Equal("not-ready", call.GetTrailers().GetValue("reason"));
        await RpcAssert.FailsAsync(StatusCode.FailedPrecondition, () => call.ResponseStream.MoveNext(Token));
    }

    [Fact]
    public async Task Call_WhenHandlerSetsStatus_FailsWithIt()
    {
        await using var server = await ProbeServer.StartAsync();

        var failure = await RpcAssert.FailsAsync(StatusCode.NotFound, () => server.Client().EchoAsync(new EchoRequest { Action = "set" }).ResponseAsync);

        Assert.Equal("set, not thrown", failure.Status.Detail);
        Assert.Equal("look elsewhere", failure.Trailers.GetValue("hint"));
    }

    [Theory]
    [InlineData(null, "Exception was thrown by handler.")]
    [InlineData(false, "Exception was thrown by handler.")]
    [InlineData(true, "Exception was thrown by handler. InvalidOperationException: the handler's secret FormatException: and its cause")]
    public async Task Call_WhenHandlerThrows_IsUnknownAndLogged(bool? isDetailed, string detail)
    {
        await using var server = await ProbeServer.StartAsync(o => o.EnableDetailedErrors = isDetailed);

        var failure = await RpcAssert.FailsAsync(StatusCode.Unknown, () => server.Client().EchoAsync(new EchoRequest { Action = "throw" }).ResponseAsync);

        Assert.Equal(detail, failure.Status.Detail);
        var entry = Assert.Single(server.Log.Entries, e => e.Level == LogLevel.Error);
        Assert.Equal("Error when executing service method '/probe.Probe/Echo'.", entry.Text);
        Assert.Equal("the handler's secret", entry.Exception!.Message);
    }

    [Fact]
    public async Task Call_WhenHandlerReturnsNull_IsCancelled()
    {
        await using var server = await ProbeServer.StartAsync();

        var failure = await RpcAssert.FailsAsync(StatusCode.Cancelled, () => server.Client().EchoAsync(new EchoRequest { Action = "null" }).ResponseAsync);

        Assert.Equal("No message returned from method.", failure.Status.Detail);
    }

    [Fact]
    public async Task Call_OfUnknownService_IsUnimplemented()
    {
        await using var server = await ProbeServer.StartAsync();
        var absent = new Absent.AbsentClient(server.Channel());

        var failure = await RpcAssert.FailsAsync(StatusCode.Unimplemented, () => absent.EchoAsync(new EchoRequest()).ResponseAsync);

        Assert.Equal("Service is unimplemented.", failure.Status.Detail);
    }

    [Fact]
    public async Task Call_OfUnknownMethod_IsUnimplemented()
    {
        await using var server = await ProbeServer.StartAsync();

        var answer = await RawCall.PostAsync(server.Address, "/probe.Probe/Nothing", RawCall.Frame([]));

        Assert.Equal(("12", "Method is unimplemented."), (answer.GrpcStatus, answer.GrpcMessage));
    }

    [Fact]
    public async Task Call_OfUnknownService_WhenIgnored_IsNotFound()
    {
        await using var server = await ProbeServer.StartAsync(o => o.IgnoreUnknownServices = true);
        var absent = new Absent.AbsentClient(server.Channel());

        var failure = await RpcAssert.FailsAsync(StatusCode.Unimplemented, () => absent.EchoAsync(new EchoRequest()).ResponseAsync);

        Assert.Equal("Bad gRPC response. HTTP status code: 404", failure.Status.Detail);
    }

    [Fact]
    public async Task Call_WhenNobodyListens_IsUnavailableWithTheCause()
    {
        string address;
        await using (var gone = await ProbeServer.StartAsync())
            address = gone.Address;
        using var channel = GrpcChannel.ForAddress(address);
        var client = new Probe.ProbeClient(channel);

        var failure = await RpcAssert.FailsAsync(StatusCode.Unavailable, () => client.EchoAsync(new EchoRequest()).ResponseAsync);

        Assert.StartsWith("Error starting gRPC call. HttpRequestException: Connection refused", failure.Status.Detail, StringComparison.Ordinal);
        Assert.IsType<HttpRequestException>(failure.Status.DebugException);
        Assert.Same(failure.Status.DebugException, failure.InnerException);
    }

    [Fact]
    public async Task Stream_WhenTheConnectionBreaks_IsUnavailable()
    {
        ConnectionContext? connection = null;
        await using var server = await ProbeServer.StartAsync(listen: options =>
        {
            options.Protocols = HttpProtocols.Http2;
            options.Use(next => context => next(connection = context));
        });
        using var call = server.Client().Count(new CountRequest { Count = 1, Action = "wait" }, cancellationToken: Token);
        Assert.True(await call.ResponseStream.MoveNext(Token));

        connection!.Abort();
        var failure = await RpcAssert.FailsAsync(StatusCode.Unavailable, () => call.ResponseStream.MoveNext(Token));

        Assert.StartsWith("Error reading next message.", failure.Status.Detail, StringComparison.Ordinal);
        await server.Log.ReachedAsync("cancelled");
    }
}
