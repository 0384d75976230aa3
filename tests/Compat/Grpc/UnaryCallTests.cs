using Google.Protobuf;
using Grpc.Core;
using VaeCluster.Compat.Grpc.Hosting;
using VaeCluster.Compat.Grpc.Protos;

namespace VaeCluster.Compat.Grpc;

public sealed class UnaryCallTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Echo_WithPayload_ReturnsIt()
    {
        await using var server = await ProbeServer.StartAsync();
        var payload = ByteString.CopyFrom([.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7))]);

        var reply = await server.Client().EchoAsync(new EchoRequest { Text = "hello", Payload = payload }, cancellationToken: Token);

        Assert.Equal("hello", reply.Text);
        Assert.Equal(payload, reply.Payload);
    }

    [Fact]
    public async Task Echo_OfEmptyMessage_ReturnsEmptyMessage()
    {
        await using var server = await ProbeServer.StartAsync();

        Assert.Equal(new EchoReply(), await server.Client().EchoAsync(new EchoRequest(), cancellationToken: Token));
    }

    [Fact]
    public async Task Echo_Blocking_Returns()
    {
        await using var server = await ProbeServer.StartAsync();

        var reply = server.Client().Echo(new EchoRequest { Text = "blocked" }, cancellationToken: Token);

        Assert.Equal("blocked", reply.Text);
    }

    [Fact]
    public async Task Echo_ManyAtOnce_AllReturnTheirOwn()
    {
        await using var server = await ProbeServer.StartAsync();
        var client = server.Client();

        // More than one connection allows at a time.
        var replies = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => client.EchoAsync(new EchoRequest { Text = $"{i}" }, cancellationToken: Token).ResponseAsync));

        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"{i}"), replies.Select(r => r.Text));
    }

    [Fact]
    public async Task Echo_WhenDone_HasStatusAndTrailers()
    {
        await using var server = await ProbeServer.StartAsync();
        using var call = server.Client().EchoAsync(new EchoRequest { Action = "trailers" }, cancellationToken: Token);

        await call;

        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.Equal("12", call.GetTrailers().GetValue("steps"));
        Assert.Equal([1, 2, 254], call.GetTrailers().GetValueBytes("digest-bin"));
    }

    [Fact]
    public async Task GetStatus_BeforeTheEnd_Throws()
    {
        await using var server = await ProbeServer.StartAsync();
        using var call = server.Client().EchoAsync(new EchoRequest { Action = "wait" }, cancellationToken: Token);
        await server.Log.ReachedAsync("waiting");

        Assert.Equal("Unable to get the status because the call is not complete.", Assert.Throws<InvalidOperationException>(() => call.GetStatus()).Message);
        Assert.Equal("Can't get the call trailers because the call has not completed successfully.", Assert.Throws<InvalidOperationException>(call.GetTrailers).Message);
    }
}
