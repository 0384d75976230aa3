using Grpc.Core;
using VaeCluster.Compat.Grpc.Hosting;
using VaeCluster.Compat.Grpc.Protos;

namespace VaeCluster.Compat.Grpc;

/// <summary>What a stream does not allow, in the words of the real packages.</summary>
public sealed class StreamMisuseTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MoveNext_WhileReading_Throws()
    {
        await using var server = await ProbeServer.StartAsync();
        using var call = server.Client().Chat(cancellationToken: Token);
        var reading = call.ResponseStream.MoveNext(Token);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => call.ResponseStream.MoveNext(Token));

        Assert.Equal("Can't read the next message because the previous read is still in progress.", error.Message);
        await call.RequestStream.CompleteAsync();
        Assert.False(await reading);
    }

    [Fact]
    public async Task Write_AfterComplete_Throws()
    {
        await using var server = await ProbeServer.StartAsync();
        using var call = server.Client().Sum(cancellationToken: Token);
        await call.RequestStream.CompleteAsync();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.WriteAsync(new EchoRequest(), Token));

        Assert.Equal("Request stream has already been completed.", error.Message);
    }

    [Fact]
    public async Task Write_AfterTheServerHasAnswered_FailsWithItsStatus()
    {
        await using var server = await ProbeServer.StartAsync();
        using var call = server.Client().Sum(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new EchoRequest { Action = "status" }, Token);
        await RpcAssert.FailsAsync(StatusCode.FailedPrecondition, () => call.ResponseAsync);

        await RpcAssert.FailsAsync(StatusCode.FailedPrecondition, () => call.RequestStream.WriteAsync(new EchoRequest(), Token));
    }

    [Fact]
    public async Task Write_OfNull_Throws()
    {
        await using var server = await ProbeServer.StartAsync();
        using var call = server.Client().Sum(cancellationToken: Token);

        await Assert.ThrowsAsync<ArgumentNullException>(() => call.RequestStream.WriteAsync(null!, Token));
    }

    [Fact]
    public async Task ServerWriter_AfterTheCall_Throws()
    {
        IServerStreamWriter<EchoReply>? kept = null;
        await using var server = await ProbeServer.StartAsync(o => o.Interceptors.Add<Keeper>((Action<object>)(w => kept = (IServerStreamWriter<EchoReply>)w)));
        using var call = server.Client().Count(new CountRequest(), cancellationToken: Token);
        Assert.False(await call.ResponseStream.MoveNext(Token));

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => kept!.WriteAsync(new EchoReply(), Token));

        Assert.Equal("Can't write the message because the request is complete.", error.Message);
    }

    private sealed class Keeper(Action<object> keep) : global::Grpc.Core.Interceptors.Interceptor
    {
        public override Task ServerStreamingServerHandler<TRequest, TResponse>(TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
        {
            keep(responseStream);
            return continuation(request, responseStream, context);
        }
    }
}
