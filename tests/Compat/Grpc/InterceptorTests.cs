using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;
using VaeCluster.Compat.Grpc.Hosting;
using VaeCluster.Compat.Grpc.Protos;

namespace VaeCluster.Compat.Grpc;

public sealed class InterceptorTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Server_WithInterceptors_CallsTheFirstFirst()
    {
        var order = new List<string>();
        await using var server = await ProbeServer.StartAsync(
            o =>
            {
                o.Interceptors.Add<Tracer>(order, "first");
                o.Interceptors.Add<Tracer>(order, "second");
            },
            services: s => s.AddGrpc().AddServiceOptions<ProbeService>(o => o.Interceptors.Add<Tracer>(order, "service")));

        await server.Client().EchoAsync(new EchoRequest(), cancellationToken: Token);

        Assert.Equal(
            ["first in", "second in", "service in", "service out", "service disposed", "second out", "second disposed", "first out", "first disposed"],
            order);
    }

    [Fact]
    public async Task Server_WithInterceptor_SeesAllKindsOfCalls()
    {
        var order = new List<string>();
        await using var server = await ProbeServer.StartAsync(o => o.Interceptors.Add<Tracer>(order, "i"));
        var client = server.Client();

        using (var count = client.Count(new CountRequest(), cancellationToken: Token))
            Assert.False(await count.ResponseStream.MoveNext(Token));
        using (var sum = client.Sum(cancellationToken: Token))
        {
            await sum.RequestStream.CompleteAsync();
            await sum;
        }

        using (var chat = client.Chat(cancellationToken: Token))
        {
            await chat.RequestStream.CompleteAsync();
            Assert.False(await chat.ResponseStream.MoveNext(Token));
        }

        Assert.Equal(3, order.Count(o => o == "i in"));
        Assert.Equal(3, order.Count(o => o == "i out"));
    }

    [Fact]
    public async Task Server_WhenInterceptorRefuses_FailsWithItsStatus()
    {
        await using var server = await ProbeServer.StartAsync(o => o.Interceptors.Add<Refuser>());

        var failure = await RpcAssert.FailsAsync(StatusCode.Unauthenticated, () => server.Client().EchoAsync(new EchoRequest()).ResponseAsync);

        Assert.Equal("who are you?", failure.Status.Detail);
    }

    [Fact]
    public async Task Server_WithRegisteredInterceptor_TakesTheContainers()
    {
        var order = new List<string>();
        await using var server = await ProbeServer.StartAsync(o => o.Interceptors.Add<Tracer>(), services: s => s.AddSingleton(new Tracer(order, "shared")));

        await server.Client().EchoAsync(new EchoRequest(), cancellationToken: Token);

        Assert.Equal(["shared in", "shared out"], order);
    }

    [Fact]
    public void Add_OfOtherType_Throws() => Assert.StartsWith(
        "Type must inherit from Grpc.Core.Interceptors.Interceptor; System.String does not.",
        Assert.Throws<ArgumentException>(() => new global::Grpc.AspNetCore.Server.InterceptorCollection().Add(typeof(string))).Message,
        StringComparison.Ordinal);

    [Fact]
    public async Task Client_WithInterceptors_CallsTheFirstFirst()
    {
        var order = new List<string>();
        await using var server = await ProbeServer.StartAsync();
        var client = new Probe.ProbeClient(server.Channel().Intercept(new Sender(order, "a"), new Sender(order, "b")));

        await client.EchoAsync(new EchoRequest(), cancellationToken: Token);
        client.Echo(new EchoRequest(), cancellationToken: Token);
        using (client.Count(new CountRequest(), cancellationToken: Token))
        using (client.Sum(cancellationToken: Token))
        using (client.Chat(cancellationToken: Token))
            Assert.Equal(Enumerable.Repeat<string[]>(["a", "b"], 5).SelectMany(names => names), order);
    }

    [Fact]
    public async Task Client_WithHeadersInterceptor_SendsThem()
    {
        await using var server = await ProbeServer.StartAsync(o => o.Interceptors.Add<TokenCheck>());
        var client = new Probe.ProbeClient(server.Channel().Intercept(headers =>
        {
            headers.Add("token", "secret");
            return headers;
        }));

        Assert.Equal("ok", (await client.EchoAsync(new EchoRequest { Text = "ok" }, cancellationToken: Token)).Text);
        Assert.Equal("ok", (await client.WithHost("elsewhere").EchoAsync(new EchoRequest { Text = "ok" }, cancellationToken: Token)).Text);
        await RpcAssert.FailsAsync(StatusCode.Unauthenticated, () => server.Client().EchoAsync(new EchoRequest()).ResponseAsync);
    }

    private sealed class Tracer(List<string> order, string name) : Interceptor, IDisposable
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
            TraceAsync(() => continuation(request, context));

        public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
            TraceAsync(() => continuation(requestStream, context));

        public override Task ServerStreamingServerHandler<TRequest, TResponse>(TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
            TraceAsync(async () =>
            {
                await continuation(request, responseStream, context);
                return 0;
            });

        public override Task DuplexStreamingServerHandler<TRequest, TResponse>(IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
            TraceAsync(async () =>
            {
                await continuation(requestStream, responseStream, context);
                return 0;
            });

        public void Dispose() => order.Add(name + " disposed");

        private async Task<T> TraceAsync<T>(Func<Task<T>> call)
        {
            order.Add(name + " in");
            var result = await call();
            order.Add(name + " out");
            return result;
        }
    }

    private sealed class Refuser : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
            throw new RpcException(new Status(StatusCode.Unauthenticated, "who are you?"));
    }

    private sealed class TokenCheck : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
            context.RequestHeaders.GetValue("token") == "secret" ? continuation(request, context) : throw new RpcException(new Status(StatusCode.Unauthenticated, "no token"));
    }

    private sealed class Sender(List<string> order, string name) : Interceptor
    {
        public override TResponse BlockingUnaryCall<TRequest, TResponse>(TRequest request, ClientInterceptorContext<TRequest, TResponse> context, BlockingUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            order.Add(name);
            return continuation(request, context);
        }

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            order.Add(name);
            return continuation(request, context);
        }

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            order.Add(name);
            return continuation(request, context);
        }

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(ClientInterceptorContext<TRequest, TResponse> context, AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            order.Add(name);
            return continuation(context);
        }

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            order.Add(name);
            return continuation(context);
        }
    }
}
