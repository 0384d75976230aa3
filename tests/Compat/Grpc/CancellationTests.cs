using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using VaeCluster.Compat.Grpc.Hosting;
using VaeCluster.Compat.Grpc.Protos;

namespace VaeCluster.Compat.Grpc;

public sealed class CancellationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cancel_OfUnaryCall_FailsItAndCancelsTheHandler()
    {
        await using var server = await ProbeServer.StartAsync();
        using var cancellation = new CancellationTokenSource();
        using var call = server.Client().EchoAsync(new EchoRequest { Action = "wait" }, cancellationToken: cancellation.Token);
        await server.Log.ReachedAsync("waiting");

        await cancellation.CancelAsync();
        var failure = await RpcAssert.FailsAsync(StatusCode.Cancelled, () => call.ResponseAsync);

        Assert.Equal("Call canceled by the client.", failure.Status.Detail);
        await server.Log.ReachedAsync("cancelled");
        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Cancel_OfUnaryCall_IsNoErrorOfTheServer()
    {
        await using var server = await ProbeServer.StartAsync();
        using var cancellation = new CancellationTokenSource();
        using (var call = server.Client().EchoAsync(new EchoRequest { Action = "wait" }, cancellationToken: cancellation.Token))
        {
            await server.Log.ReachedAsync("waiting");
            await cancellation.CancelAsync();
            await RpcAssert.FailsAsync(StatusCode.Cancelled, () => call.ResponseAsync);
            await server.Log.ReachedAsync("cancelled");
        }

        // Stopping waits for what is left of the call, so its log is complete.
        var log = server.Log;
        await server.DisposeAsync();

        Assert.Contains(log.Entries, e => e.Level == LogLevel.Information && e.Text == "Service method '/probe.Probe/Echo' canceled.");
        Assert.DoesNotContain(log.Entries, e => e.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task Cancel_BeforeTheCall_DoesNotSendIt()
    {
        await using var server = await ProbeServer.StartAsync();

        await RpcAssert.FailsAsync(StatusCode.Cancelled, () => server.Client().EchoAsync(new EchoRequest(), cancellationToken: new CancellationToken(canceled: true)).ResponseAsync);

        Assert.DoesNotContain(server.Log.Entries, e => e.Text.Contains("/probe.Probe/Echo", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Dispose_OfStream_CancelsTheHandler()
    {
        await using var server = await ProbeServer.StartAsync();
        using var call = server.Client().Count(new CountRequest { Count = 1, Action = "wait" }, cancellationToken: Token);
        Assert.True(await call.ResponseStream.MoveNext(Token));
        await server.Log.ReachedAsync("waiting");

        call.Dispose();

        await server.Log.ReachedAsync("cancelled");
        Assert.Equal("gRPC call disposed.", call.GetStatus().Detail);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => call.ResponseStream.MoveNext(Token));
    }

    [Fact]
    public async Task Dispose_OfStream_WhileReading_EndsTheRead()
    {
        await using var server = await ProbeServer.StartAsync();
        using var call = server.Client().Count(new CountRequest { Action = "wait" }, cancellationToken: Token);
        var reading = call.ResponseStream.MoveNext(Token);
        await server.Log.ReachedAsync("waiting");

        call.Dispose();
        var failure = await RpcAssert.FailsAsync(StatusCode.Cancelled, () => reading);

        Assert.Equal("gRPC call disposed.", failure.Status.Detail);
    }

    [Fact]
    public async Task MoveNext_WithCancelledToken_CancelsTheCall()
    {
        await using var server = await ProbeServer.StartAsync();
        using var cancellation = new CancellationTokenSource();
        using var call = server.Client().Count(new CountRequest { Action = "wait" }, cancellationToken: Token);
        var reading = call.ResponseStream.MoveNext(cancellation.Token);
        await server.Log.ReachedAsync("waiting");

        await cancellation.CancelAsync();

        await RpcAssert.FailsAsync(StatusCode.Cancelled, () => reading);
        await server.Log.ReachedAsync("cancelled");
    }

    [Fact]
    public async Task ReadAll_WithCancelledToken_Ends()
    {
        await using var server = await ProbeServer.StartAsync();
        using var cancellation = new CancellationTokenSource();
        using var call = server.Client().Count(new CountRequest { Count = 3, Action = "wait" }, cancellationToken: Token);
        var read = 0;

        await RpcAssert.FailsAsync(StatusCode.Cancelled, async () =>
        {
            await foreach (var reply in call.ResponseStream.ReadAllAsync(cancellation.Token))
            {
                if (++read == 3)
                    await cancellation.CancelAsync();
            }
        });

        Assert.Equal(3, read);
    }

    [Fact]
    public async Task Cancel_WhenAskedTo_ThrowsOperationCanceledWithTheToken()
    {
        await using var server = await ProbeServer.StartAsync();
        using var cancellation = new CancellationTokenSource();
        using var call = server.Client(new GrpcChannelOptions { ThrowOperationCanceledOnCancellation = true }).EchoAsync(new EchoRequest { Action = "wait" }, cancellationToken: cancellation.Token);
        await server.Log.ReachedAsync("waiting");

        await cancellation.CancelAsync();
        var error = await Assert.ThrowsAsync<OperationCanceledException>(() => call.ResponseAsync.WaitAsync(TimeSpan.FromSeconds(20), Token));

        Assert.Equal(cancellation.Token, error.CancellationToken);
    }

    [Fact]
    public async Task Cancel_OfDuplexCall_EndsBothStreams()
    {
        await using var server = await ProbeServer.StartAsync();
        using var cancellation = new CancellationTokenSource();
        using var call = server.Client().Chat(cancellationToken: cancellation.Token);
        await server.Log.ReachedAsync("chat");

        await cancellation.CancelAsync();

        await RpcAssert.FailsAsync(StatusCode.Cancelled, () => call.ResponseStream.MoveNext(Token));
        await RpcAssert.FailsAsync(StatusCode.Cancelled, () => call.RequestStream.WriteAsync(new EchoRequest(), Token));
    }

    [Fact]
    public async Task Dispose_OfChannel_CancelsItsCalls()
    {
        await using var server = await ProbeServer.StartAsync();
        var channel = GrpcChannel.ForAddress(server.Address);
        var client = new Probe.ProbeClient(channel);
        using var call = client.EchoAsync(new EchoRequest { Action = "wait" }, cancellationToken: Token);
        await server.Log.ReachedAsync("waiting");

        await channel.ShutdownAsync();

        await RpcAssert.FailsAsync(StatusCode.Cancelled, () => call.ResponseAsync);
        await server.Log.ReachedAsync("cancelled");
        Assert.Throws<ObjectDisposedException>(() => client.EchoAsync(new EchoRequest(), cancellationToken: Token));
        Assert.Throws<ObjectDisposedException>(channel.CreateCallInvoker);
    }

    [Fact]
    public async Task Complete_ThenDispose_IsNoCancellation()
    {
        await using var server = await ProbeServer.StartAsync();
        for (var i = 0; i < 20; i++)
        {
            using var call = server.Client().Sum(cancellationToken: Token);
            await call.RequestStream.WriteAsync(new EchoRequest(), Token);
            await call.RequestStream.CompleteAsync();

            Assert.Equal(1, (await call).Messages);
        }

        Assert.DoesNotContain(server.Log.Entries, e => e.Text.EndsWith(" canceled.", StringComparison.Ordinal));
    }
}
