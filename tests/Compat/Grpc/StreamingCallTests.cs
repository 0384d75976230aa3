using Google.Protobuf;
using Grpc.Core;
using VaeCluster.Compat.Grpc.Hosting;
using VaeCluster.Compat.Grpc.Protos;

namespace VaeCluster.Compat.Grpc;

public sealed class StreamingCallTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public async Task Count_OfMessages_ReadsThemInOrder(int count)
    {
        await using var server = await ProbeServer.StartAsync();
        using var call = server.Client().Count(new CountRequest { Count = count, Action = "trailers" }, cancellationToken: Token);

        var indices = new List<int>();
        await foreach (var reply in call.ResponseStream.ReadAllAsync(Token))
            indices.Add(reply.Index);

        Assert.Equal(Enumerable.Range(0, count), indices);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.Equal("12", call.GetTrailers().GetValue("steps"));
        Assert.False(await call.ResponseStream.MoveNext(Token));
    }

    [Fact]
    public async Task Sum_OfMessages_CountsThem()
    {
        await using var server = await ProbeServer.StartAsync();
        using var call = server.Client().Sum(cancellationToken: Token);

        for (var i = 0; i < 50; i++)
            await call.RequestStream.WriteAsync(new EchoRequest { Payload = ByteString.CopyFrom(new byte[10_000]) }, Token);
        await call.RequestStream.CompleteAsync();

        Assert.Equal(new SumReply { Messages = 50, Bytes = 500_000 }, await call);
    }

    [Fact]
    public async Task Sum_OfNothing_CountsNothing()
    {
        await using var server = await ProbeServer.StartAsync();
        using var call = server.Client().Sum(cancellationToken: Token);

        await call.RequestStream.CompleteAsync();

        Assert.Equal(new SumReply(), await call);
    }

    [Fact]
    public async Task Chat_InTurns_AnswersEachMessageBeforeTheNext()
    {
        await using var server = await ProbeServer.StartAsync();
        using var call = server.Client().Chat(cancellationToken: Token);

        for (var i = 0; i < 20; i++)
        {
            await call.RequestStream.WriteAsync(new EchoRequest { Text = $"turn {i}" }, Token);
            Assert.True(await call.ResponseStream.MoveNext(Token));
            Assert.Equal($"turn {i}", call.ResponseStream.Current.Text);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(Token));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }
}
