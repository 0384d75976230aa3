using Google.Protobuf;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using VaeCluster.Compat.Grpc.Hosting;
using VaeCluster.Compat.Grpc.Protos;

namespace VaeCluster.Compat.Grpc;

public sealed class MessageSizeTests
{
    private const int Default = 4 * 1024 * 1024;
    private const string Received = "Received message exceeds the maximum configured message size.";
    private const string Sent = "Sending message exceeds the maximum configured message size.";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Defaults_OfOptions_AreTheRealOnes()
    {
        var client = new GrpcChannelOptions();

        Assert.Equal((Default, null, false, false), (client.MaxReceiveMessageSize, client.MaxSendMessageSize, client.DisposeHttpClient, client.ThrowOperationCanceledOnCancellation));
    }

    [Fact]
    public async Task Defaults_OfServer_AreSeenWhenConfiguring()
    {
        GrpcServiceOptions? seen = null;
        await using var server = await ProbeServer.StartAsync(o => seen = o);

        Assert.Equal((Default, null, null, null), (seen!.MaxReceiveMessageSize, seen.MaxSendMessageSize, seen.EnableDetailedErrors, seen.IgnoreUnknownServices));
    }

    [Fact]
    public async Task Request_AtTheServersLimit_Passes()
    {
        await using var server = await ProbeServer.StartAsync();
        var client = server.Client(new GrpcChannelOptions { MaxReceiveMessageSize = null });
        var request = new EchoRequest();
        request.Payload = Bytes(Default - new EchoRequest { Payload = Bytes(Default - 100) }.CalculateSize() + (Default - 100));

        Assert.Equal(Default, request.CalculateSize());
        Assert.Equal(request.Payload.Length, (await client.EchoAsync(request, cancellationToken: Token)).Payload.Length);
    }

    [Fact]
    public async Task Request_AboveTheServersLimit_IsResourceExhausted()
    {
        await using var server = await ProbeServer.StartAsync();

        var failure = await RpcAssert.FailsAsync(StatusCode.ResourceExhausted, () => server.Client().EchoAsync(new EchoRequest { Payload = Bytes(Default) }).ResponseAsync);

        Assert.Equal(Received, failure.Status.Detail);
    }

    [Fact]
    public async Task StreamedRequest_AboveTheServersLimit_IsResourceExhausted()
    {
        await using var server = await ProbeServer.StartAsync();
        using var call = server.Client().Sum(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new EchoRequest { Payload = Bytes(10) }, Token);
        // The server may answer while this is still being written.
        var writing = call.RequestStream.WriteAsync(new EchoRequest { Payload = Bytes(Default) }, Token);

        var failure = await RpcAssert.FailsAsync(StatusCode.ResourceExhausted, () => call.ResponseAsync);
        await Task.WhenAny(writing).WaitAsync(TimeSpan.FromSeconds(20), Token);

        Assert.Equal(Received, failure.Status.Detail);
    }

    [Fact]
    public async Task Request_WithRaisedLimit_Passes()
    {
        await using var server = await ProbeServer.StartAsync(o => o.MaxReceiveMessageSize = 20_000_000);
        var client = server.Client(new GrpcChannelOptions { MaxReceiveMessageSize = 20_000_000 });

        Assert.Equal(15_000_000, (await client.EchoAsync(new EchoRequest { Payload = Bytes(15_000_000) }, cancellationToken: Token)).Payload.Length);
    }

    [Fact]
    public async Task Request_WithLimitOfTheService_IsHeldToThat()
    {
        await using var server = await ProbeServer.StartAsync(services: s => s.AddGrpc().AddServiceOptions<ProbeService>(o => o.MaxReceiveMessageSize = 10));

        await RpcAssert.FailsAsync(StatusCode.ResourceExhausted, () => server.Client().EchoAsync(new EchoRequest { Payload = Bytes(11) }).ResponseAsync);
    }

    [Fact]
    public async Task Request_AboveTheClientsLimit_IsNotSent()
    {
        await using var server = await ProbeServer.StartAsync();

        var failure = await RpcAssert.FailsAsync(StatusCode.ResourceExhausted, () => server.Client(new GrpcChannelOptions { MaxSendMessageSize = 10 }).EchoAsync(new EchoRequest { Payload = Bytes(11) }).ResponseAsync);

        Assert.Equal(Sent, failure.Status.Detail);
        Assert.DoesNotContain(server.Log.Entries, e => e.Text.Contains("/probe.Probe/Echo", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Write_AboveTheClientsLimit_FailsOnlyThatMessage()
    {
        await using var server = await ProbeServer.StartAsync();
        using var call = server.Client(new GrpcChannelOptions { MaxSendMessageSize = 50 }).Sum(cancellationToken: Token);

        await RpcAssert.FailsAsync(StatusCode.ResourceExhausted, () => call.RequestStream.WriteAsync(new EchoRequest { Payload = Bytes(60) }, Token));
        await call.RequestStream.WriteAsync(new EchoRequest { Payload = Bytes(7) }, Token);
        await call.RequestStream.CompleteAsync();

        Assert.Equal(new SumReply { Messages = 1, Bytes = 7 }, await call);
    }

    [Fact]
    public async Task Response_AboveTheClientsLimit_IsResourceExhausted()
    {
        await using var server = await ProbeServer.StartAsync();

        var failure = await RpcAssert.FailsAsync(StatusCode.ResourceExhausted, () => server.Client().EchoAsync(new EchoRequest { Action = $"size {Default}" }).ResponseAsync);

        Assert.Equal(Received, failure.Status.Detail);
    }

    [Fact]
    public async Task Response_AboveTheServersLimit_IsResourceExhausted()
    {
        await using var server = await ProbeServer.StartAsync(o => o.MaxSendMessageSize = 1000);

        var failure = await RpcAssert.FailsAsync(StatusCode.ResourceExhausted, () => server.Client().EchoAsync(new EchoRequest { Action = "size 1001" }).ResponseAsync);

        Assert.Equal(Sent, failure.Status.Detail);
    }

    private static ByteString Bytes(int count) => ByteString.CopyFrom(new byte[count]);
}
