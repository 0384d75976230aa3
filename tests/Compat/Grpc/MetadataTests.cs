using Grpc.Core;
using VaeCluster.Compat.Grpc.Hosting;
using VaeCluster.Compat.Grpc.Protos;

namespace VaeCluster.Compat.Grpc;

public sealed class MetadataTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_WithHeaders_ShowsThemToTheHandler()
    {
        Metadata? seen = null;
        ServerCallContext? context = null;
        await using var server = await ProbeServer.StartAsync(o => o.Interceptors.Add<Spy>((Action<ServerCallContext>)(c => (seen, context) = (c.RequestHeaders, c))));
        var headers = new Metadata { { "Run-Id", "mnist-7" }, { "twice", "a" }, { "twice", "b" }, { "token-bin", new byte[] { 0, 1, 255 } } };

        await server.Client().EchoAsync(new EchoRequest(), headers, cancellationToken: Token);

        Assert.NotNull(seen);
        Assert.Equal("mnist-7", seen.GetValue("run-id"));
        Assert.Equal([0, 1, 255], seen.GetValueBytes("token-bin"));
        Assert.StartsWith("vaecluster-grpc/", seen.GetValue("user-agent"), StringComparison.Ordinal);
        Assert.DoesNotContain(seen, e => e.Key.StartsWith(':') || e.Key is "grpc-timeout" or "grpc-accept-encoding" or "te" or "content-type");
        Assert.Equal(["a", "b"], seen.GetAll("twice").SelectMany(e => e.Value.Split(", ")));
        Assert.Equal(DateTime.MaxValue, context!.Deadline);
    }

    [Fact]
    public async Task Context_OfCall_SaysWhereItIs()
    {
        (string Method, string Host, string Peer, string Path, bool IsAuthenticated) seen = default;
        await using var server = await ProbeServer.StartAsync(o => o.Interceptors.Add<Spy>(
            (Action<ServerCallContext>)(c => seen = (c.Method, c.Host, c.Peer, c.GetHttpContext().Request.Path.Value!, c.AuthContext.IsPeerAuthenticated))));

        await server.Client().EchoAsync(new EchoRequest(), cancellationToken: Token);

        Assert.Equal(("/probe.Probe/Echo", server.Address["http://".Length..], "/probe.Probe/Echo", false), (seen.Method, seen.Host, seen.Path, seen.IsAuthenticated));
        Assert.StartsWith("ipv4:127.0.0.1:", seen.Peer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteResponseHeaders_BeforeMessages_ArrivesBeforeThem()
    {
        await using var server = await ProbeServer.StartAsync();
        using var call = server.Client().Chat(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new EchoRequest { Action = "headers" }, Token);

        var headers = await call.ResponseHeadersAsync.WaitAsync(TimeSpan.FromSeconds(20), Token);

        Assert.Equal("yes", headers.GetValue("first"));
        Assert.Equal([7, 0], headers.GetValueBytes("blob-bin"));
    }

    [Fact]
    public async Task WriteResponseHeaders_Twice_Throws()
    {
        await using var server = await ProbeServer.StartAsync(o => o.EnableDetailedErrors = true);
        using var call = server.Client().Chat(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new EchoRequest { Action = "headers" }, Token);
        Assert.True(await call.ResponseStream.MoveNext(Token));
        await call.RequestStream.WriteAsync(new EchoRequest { Action = "headers" }, Token);

        var failure = await RpcAssert.FailsAsync(StatusCode.Unknown, () => call.ResponseStream.MoveNext(Token));

        Assert.Equal("Exception was thrown by handler. InvalidOperationException: Response headers can only be sent once per call.", failure.Status.Detail);
    }

    [Fact]
    public async Task Call_WhenTrailersCannotBeSent_StillHasAStatus()
    {
        await using var server = await ProbeServer.StartAsync(o => o.Interceptors.Add<Spy>((Action<ServerCallContext>)(c => c.ResponseTrailers.Add("bad", "no\nheader"))));

        await RpcAssert.FailsAsync(StatusCode.Unknown, () => server.Client().EchoAsync(new EchoRequest()).ResponseAsync);

        Assert.Contains(server.Log.Entries, e => e.Exception?.Message.StartsWith("Error adding response metadata 'bad'", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Call_AskingForCompression_IsRefused()
    {
        await using var server = await ProbeServer.StartAsync();
        var headers = new Metadata { { "grpc-internal-encoding-request", "gzip" } };

        var failure = await RpcAssert.FailsAsync(StatusCode.Internal, () => server.Client().EchoAsync(new EchoRequest(), headers).ResponseAsync);

        Assert.Contains("Could not find compression provider for 'gzip'", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Entry_WithBadKey_SaysWhy()
    {
        Assert.Equal("'a b' is no metadata key: one may hold only letters, digits, '.', '_' and '-'.", Assert.Throws<ArgumentException>(() => new Metadata.Entry("a b", "c")).Message);
        Assert.Contains("must end with '-bin'", Assert.Throws<ArgumentException>(() => new Metadata.Entry("a", [1])).Message, StringComparison.Ordinal);
        Assert.Contains("is for binary values", Assert.Throws<ArgumentException>(() => new Metadata.Entry("a-bin", "b")).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => new Metadata.Entry("a-bin", [1]).Value);
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add("a", "b"));
    }

    [Fact]
    public void Metadata_AsList_KeepsOrderAndFindsTheLast()
    {
        var metadata = new Metadata { { "A", "1" }, { "b", "2" }, { "a", "3" } };

        Assert.Equal(["a=1", "b=2", "a=3"], metadata.Select(e => $"{e.Key}={e.Value}"));
        Assert.Equal("3", metadata.GetValue("A"));
        Assert.Equal(["1", "3"], metadata.GetAll("a").Select(e => e.Value));
        Assert.Null(metadata.Get("c"));
        metadata.RemoveAt(2);
        Assert.Equal("1", metadata.GetValue("a"));
        Assert.Equal("[Entry: key=a, value=1]", metadata[0].ToString());
    }

    private sealed class Spy(Action<ServerCallContext> look) : global::Grpc.Core.Interceptors.Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            look(context);
            return continuation(request, context);
        }
    }
}
