using System.Diagnostics;
using Grpc.Core;
using Grpc.Core.Wire;
using Grpc.Net.Client;
using VaeCluster.Compat.Grpc.Hosting;
using VaeCluster.Compat.Grpc.Protos;

namespace VaeCluster.Compat.Grpc;

public sealed class DeadlineTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_BeyondItsDeadline_FailsAndCancelsTheHandler()
    {
        await using var server = await ProbeServer.StartAsync();
        var clock = Stopwatch.StartNew();

        await RpcAssert.FailsAsync(StatusCode.DeadlineExceeded, () => server.Client().EchoAsync(new EchoRequest { Action = "wait" }, deadline: DateTime.UtcNow.AddMilliseconds(200)).ResponseAsync);

        Assert.InRange(clock.ElapsedMilliseconds, 195, 20_000);
        await server.Log.ReachedAsync("cancelled");
        Assert.DoesNotContain(server.Log.Entries, e => e.Level >= Microsoft.Extensions.Logging.LogLevel.Warning);
    }

    [Fact]
    public async Task Stream_BeyondItsDeadline_Fails()
    {
        await using var server = await ProbeServer.StartAsync();
        using var call = server.Client().Count(new CountRequest { Count = 1, Action = "wait" }, deadline: DateTime.UtcNow.AddMilliseconds(500), cancellationToken: Token);

        Assert.True(await call.ResponseStream.MoveNext(Token));
        await RpcAssert.FailsAsync(StatusCode.DeadlineExceeded, () => call.ResponseStream.MoveNext(Token));

        Assert.Equal(StatusCode.DeadlineExceeded, call.GetStatus().StatusCode);
        await server.Log.ReachedAsync("cancelled");
    }

    [Fact]
    public async Task Writer_BeyondTheDeadline_Fails()
    {
        await using var server = await ProbeServer.StartAsync();
        using var call = server.Client().Sum(deadline: DateTime.UtcNow.AddMilliseconds(200), cancellationToken: Token);

        await RpcAssert.FailsAsync(StatusCode.DeadlineExceeded, () => call.ResponseAsync);
        await RpcAssert.FailsAsync(StatusCode.DeadlineExceeded, () => call.RequestStream.WriteAsync(new EchoRequest(), Token));
    }

    [Fact]
    public async Task Call_WithDeadlineInThePast_IsNotSent()
    {
        await using var server = await ProbeServer.StartAsync();

        await RpcAssert.FailsAsync(StatusCode.DeadlineExceeded, () => server.Client().EchoAsync(new EchoRequest(), deadline: DateTime.UtcNow.AddSeconds(-1)).ResponseAsync);

        Assert.DoesNotContain(server.Log.Entries, e => e.Text.Contains("/probe.Probe/Echo", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Call_WithinItsDeadline_KnowsIt()
    {
        await using var server = await ProbeServer.StartAsync();
        var deadline = DateTime.UtcNow.AddDays(100);

        var reply = await server.Client().EchoAsync(new EchoRequest { Text = "in time" }, deadline: deadline, cancellationToken: Token);

        Assert.Equal("in time", reply.Text);
    }

    [Fact]
    public async Task Call_WithLocalDeadline_IsRefused()
    {
        await using var server = await ProbeServer.StartAsync();

        var error = Assert.Throws<InvalidOperationException>(() => server.Client().EchoAsync(new EchoRequest(), deadline: DateTime.Now.AddSeconds(1), cancellationToken: Token));

        Assert.Equal("Deadline must have a kind DateTimeKind.Utc or be equal to DateTime.MaxValue or DateTime.MinValue.", error.Message);
    }

    [Fact]
    public async Task Call_BeyondItsDeadline_WhenAskedTo_ThrowsOperationCanceled()
    {
        await using var server = await ProbeServer.StartAsync();
        var client = server.Client(new GrpcChannelOptions { ThrowOperationCanceledOnCancellation = true });

        await Assert.ThrowsAsync<OperationCanceledException>(async () => await client.EchoAsync(new EchoRequest { Action = "wait" }, deadline: DateTime.UtcNow.AddMilliseconds(100), cancellationToken: Token));
    }

    // A client that never looks at the clock itself: the server must.
    [Fact]
    public async Task Server_WithTimeoutHeader_EndsTheCall()
    {
        await using var server = await ProbeServer.StartAsync();
        var wait = new EchoRequest { Action = "wait" };

        var answer = await RawCall.PostAsync(server.Address, "/probe.Probe/Echo", RawCall.Frame([.. Google.Protobuf.MessageExtensions.ToByteArray(wait)]), headers: ("grpc-timeout", "100m"));

        Assert.Equal(("4", "Deadline Exceeded"), (answer.GrpcStatus, answer.GrpcMessage));
        await server.Log.ReachedAsync("cancelled");
    }

    [Theory]
    [InlineData("1x")]
    [InlineData("m")]
    [InlineData("-5m")]
    [InlineData("123456789S")]
    [InlineData("0m")]
    public async Task Server_WithBadTimeoutHeader_IgnoresIt(string timeout)
    {
        await using var server = await ProbeServer.StartAsync();

        var answer = await RawCall.PostAsync(server.Address, "/probe.Probe/Echo", RawCall.Frame([]), headers: ("grpc-timeout", timeout));

        Assert.Equal("0", answer.GrpcStatus);
        Assert.Contains(server.Log.Entries, e => e.Text == $"The grpc-timeout header value '{timeout}' is invalid and is ignored.");
    }

    [Theory]
    [InlineData(0.0001, "1m")]
    [InlineData(1, "1m")]
    [InlineData(1.2, "2m")]
    [InlineData(99_999_999, "99999999m")]
    [InlineData(100_000_000, "100000S")]
    [InlineData(100_000_001, "100001S")]
    [InlineData(1e12, "99999999S")]
    public void Encode_OfMilliseconds_RoundsUp(double milliseconds, string expected) =>
        Assert.Equal(expected, GrpcTimeout.Encode(TimeSpan.FromMilliseconds(milliseconds)));

    [Theory]
    [InlineData("2H", 7_200_000)]
    [InlineData("3M", 180_000)]
    [InlineData("5S", 5_000)]
    [InlineData("7m", 7)]
    [InlineData("5000u", 5)]
    [InlineData("3000000n", 3)]
    [InlineData("1n", 0.0001)]
    [InlineData("99999999H", 99_999_999_000)]
    public void Decode_OfHeader_GivesTheTime(string header, double milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), GrpcTimeout.Decode(header));
}
