using System.Diagnostics;
using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using VaeCluster.Compat.Grpc.Hosting;
using VaeCluster.Compat.Grpc.Protos;

namespace VaeCluster.Compat.Grpc.Interop;

/// <summary>Our client, calling a server of grpc-js.</summary>
public sealed class ForeignServerTests(NodeFixture node) : IAsyncLifetime
{
    private Process? _server;
    private GrpcChannel? _channel;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Probe.ProbeClient Client => new(_channel!);

    public async ValueTask InitializeAsync()
    {
        _server = node.Start("server.mjs");
        _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{int.Parse(await SaysAsync(), CultureInfo.InvariantCulture)}");
    }

    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        if (_server is null)
            return;

        // The server ends with its input.
        _server.StandardInput.Close();
        await _server.WaitForExitAsync();
        _server.Dispose();
    }

    [Fact]
    public async Task Echo_WithHeadersAndPayload_Returns()
    {
        var headers = new Metadata { { "run-id", "mnist-7" }, { "token-bin", new byte[] { 0, 255 } } };
        using var call = Client.EchoAsync(new EchoRequest { Text = "é日😀", Payload = ByteString.CopyFrom(new byte[300_000]) }, headers, cancellationToken: Token);

        var reply = await call;

        Assert.Equal(("é日😀", 300_000), (reply.Text, reply.Payload.Length));
        Assert.Equal("mnist-7", (await call.ResponseHeadersAsync).GetValue("seen"));
        Assert.Equal([0, 255], (await call.ResponseHeadersAsync).GetValueBytes("seen-bin"));
        Assert.Equal("12", call.GetTrailers().GetValue("steps"));
        Assert.Equal([1, 2, 254], call.GetTrailers().GetValueBytes("digest-bin"));
    }

    [Fact]
    public async Task Echo_WhenRefused_FailsWithStatusAndTrailers()
    {
        var failure = await RpcAssert.FailsAsync(StatusCode.FailedPrecondition, () => Client.EchoAsync(new EchoRequest { Action = "status" }).ResponseAsync);

        Assert.Equal("Run 'é%\n' cannot start: 日本 😀.", failure.Status.Detail);
        Assert.Equal("not-ready", failure.Trailers.GetValue("reason"));
        Assert.Equal([0, 255, 10], failure.Trailers.GetValueBytes("state-bin"));
    }

    [Fact]
    public async Task Count_ThatFailsAfterMessages_GivesThemFirst()
    {
        using var call = Client.Count(new CountRequest { Count = 2, Action = "status" }, cancellationToken: Token);

        Assert.True(await call.ResponseStream.MoveNext(Token));
        Assert.True(await call.ResponseStream.MoveNext(Token));
        await RpcAssert.FailsAsync(StatusCode.FailedPrecondition, () => call.ResponseStream.MoveNext(Token));
    }

    [Fact]
    public async Task Count_OfMany_ReadsAll()
    {
        using var call = Client.Count(new CountRequest { Count = 1000 }, cancellationToken: Token);

        Assert.Equal(Enumerable.Range(0, 1000), await call.ResponseStream.ReadAllAsync(Token).Select(reply => reply.Index).ToListAsync(Token));
    }

    [Fact]
    public async Task Sum_OfMany_CountsThem()
    {
        using var call = Client.Sum(cancellationToken: Token);
        for (var i = 0; i < 100; i++)
            await call.RequestStream.WriteAsync(new EchoRequest { Payload = ByteString.CopyFrom(new byte[10_000]) }, Token);
        await call.RequestStream.CompleteAsync();

        Assert.Equal(new SumReply { Messages = 100, Bytes = 1_000_000 }, await call);
    }

    [Fact]
    public async Task Chat_InTurns_Answers()
    {
        using var call = Client.Chat(cancellationToken: Token);
        for (var i = 0; i < 10; i++)
        {
            await call.RequestStream.WriteAsync(new EchoRequest { Text = $"turn {i}" }, Token);
            Assert.True(await call.ResponseStream.MoveNext(Token));
            Assert.Equal($"turn {i}", call.ResponseStream.Current.Text);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(Token));
    }

    [Fact]
    public async Task Echo_BeyondItsDeadline_FailsAndTellsTheServer()
    {
        await RpcAssert.FailsAsync(StatusCode.DeadlineExceeded, () => Client.EchoAsync(new EchoRequest { Action = "wait" }, deadline: DateTime.UtcNow.AddMilliseconds(300)).ResponseAsync);

        Assert.Equal(["waiting", "cancelled"], [await SaysAsync(), await SaysAsync()]);
    }

    [Fact]
    public async Task Count_WhenDisposed_TellsTheServer()
    {
        using (var call = Client.Count(new CountRequest { Count = 1, Action = "wait" }, cancellationToken: Token))
            Assert.True(await call.ResponseStream.MoveNext(Token));

        Assert.Equal(["waiting", "cancelled"], [await SaysAsync(), await SaysAsync()]);
    }

    [Fact]
    public async Task Echo_OfUnknownService_IsUnimplemented() =>
        await RpcAssert.FailsAsync(StatusCode.Unimplemented, () => new Absent.AbsentClient(_channel!).EchoAsync(new EchoRequest()).ResponseAsync);

    private async Task<string> SaysAsync() =>
        await _server!.StandardOutput.ReadLineAsync(Token).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Token)
        ?? throw new InvalidOperationException($"The server has ended: {await _server.StandardError.ReadToEndAsync(Token)}");
}
