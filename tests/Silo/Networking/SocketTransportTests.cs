using System.Buffers;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Networking.Shared;
using VaeCluster.Silo.Networking;

namespace VaeCluster.Silo.Tests.Networking;

/// <summary>The transport below Orleans: what goes in at one end comes out at the other, and an end is an end for both.</summary>
public sealed class SocketTransportTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly SocketTransport _transport = new(Options.Create(new SocketConnectionOptions()));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(20_000_001)]
    public async Task Bytes_BothWaysAtOnce_ArriveAsTheyWereSent(int length)
    {
        await using var pair = await PairAsync();
        var (there, back) = (Bytes(1, length), Bytes(2, length));

        var sent = Task.WhenAll(SendAsync(pair.Client, there), SendAsync(pair.Server, back));
        var received = await Task.WhenAll(ReceiveAsync(pair.Server, length), ReceiveAsync(pair.Client, length)).WaitAsync(Limit, Token);

        await sent.WaitAsync(Limit, Token);
        Assert.Equal(there, received[0]);
        Assert.Equal(back, received[1]);
    }

    [Fact]
    public async Task Writer_WhoseBytesNobodyReads_HasToWait()
    {
        await using var pair = await PairAsync();
        var written = 0;

        // Both pipes and the kernel's buffers are full some time.
        while (true)
        {
            pair.Client.Transport.Output.GetMemory(1 << 20);
            pair.Client.Transport.Output.Advance(1 << 20);
            written += 1 << 20;
            var flushed = pair.Client.Transport.Output.FlushAsync(Token).AsTask();
            if (!flushed.IsCompleted)
            {
                var received = ReceiveAsync(pair.Server, written);
                await flushed.WaitAsync(Limit, Token);
                Assert.Equal(written, (await received.WaitAsync(Limit, Token)).Length);
                return;
            }
            Assert.InRange(written, 0, 1 << 30);
        }
    }

    [Fact]
    public async Task Abort_OnOneSide_EndsBoth()
    {
        await using var pair = await PairAsync();
        var ends = new[] { EndOf(pair.Client), EndOf(pair.Server) };

        pair.Client.Abort(new ConnectionAbortedException("A test."));

        await Task.WhenAll(ends).WaitAsync(Limit, Token);
        // Whoever reads learns that nothing will come, by an end or by an exception.
        try
        {
            Assert.True((await pair.Server.Transport.Input.ReadAsync(Token).AsTask().WaitAsync(Limit, Token)).IsCompleted);
        }
        catch (ConnectionResetException)
        {
            // As good.
        }
    }

    [Fact]
    public async Task Dispose_OfAConnectionThatNobodyUsed_Ends()
    {
        var pair = await PairAsync();
        var end = EndOf(pair.Server);

        await pair.Client.DisposeAsync().AsTask().WaitAsync(Limit, Token);

        await end.WaitAsync(Limit, Token);
        await pair.DisposeAsync();
    }

    [Fact]
    public async Task Connect_WhereNobodyListens_SaysWhere()
    {
        var listener = await _transport.BindAsync(new IPEndPoint(IPAddress.Loopback, 0), Token);
        var endpoint = listener.EndPoint;
        await listener.DisposeAsync();

        var e = await Assert.ThrowsAsync<SocketConnectionException>(async () => await _transport.ConnectAsync(endpoint, Token));

        Assert.StartsWith($"No connection to {endpoint}: ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bind_WhereAnotherListens_IsRefused()
    {
        await using var listener = await _transport.BindAsync(new IPEndPoint(IPAddress.Loopback, 0), Token);

        var e = await Assert.ThrowsAsync<AddressInUseException>(async () => await _transport.BindAsync(listener.EndPoint, Token));

        Assert.Equal($"{listener.EndPoint} is in use by another program.", e.Message);
    }

    [Fact]
    public async Task Unbind_EndsTheWaitForAConnection()
    {
        var listener = await _transport.BindAsync(new IPEndPoint(IPAddress.Loopback, 0), Token);
        var accepting = listener.AcceptAsync(Token).AsTask();

        await listener.UnbindAsync(Token);

        Assert.Null(await accepting.WaitAsync(Limit, Token));
    }

    [Fact]
    public void UseLargeSocketBuffers_WithoutOrleans_SaysInWhichOrder()
    {
        var silo = new BareSilo();

        var e = Assert.Throws<InvalidOperationException>(() => silo.UseLargeSocketBuffers());

        Assert.Equal("Orleans has registered no IConnectionFactory; call UseLargeSocketBuffers after the silo's own services.", e.Message);
    }

    private async Task<ConnectedPair> PairAsync()
    {
        await using var listener = await _transport.BindAsync(new IPEndPoint(IPAddress.Loopback, 0), Token);
        var accepting = listener.AcceptAsync(Token);
        var client = await _transport.ConnectAsync(listener.EndPoint, Token);
        return new(client, (await accepting)!);
    }

    private static byte[] Bytes(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static async Task SendAsync(ConnectionContext connection, byte[] bytes) => await connection.Transport.Output.WriteAsync(bytes, Token);

    private static async Task<byte[]> ReceiveAsync(ConnectionContext connection, int length)
    {
        var result = await connection.Transport.Input.ReadAtLeastAsync(length, Token);
        var bytes = result.Buffer.ToArray();
        connection.Transport.Input.AdvanceTo(result.Buffer.End);
        return bytes;
    }

    private static Task EndOf(ConnectionContext connection)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.ConnectionClosed.Register(ended.SetResult);
        return ended.Task;
    }

    private sealed record ConnectedPair(ConnectionContext Client, ConnectionContext Server) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Client.DisposeAsync();
            await Server.DisposeAsync();
        }
    }

    private sealed class BareSilo : ISiloBuilder
    {
        public IServiceCollection Services { get; } = new ServiceCollection();

        public Microsoft.Extensions.Configuration.IConfiguration Configuration => throw new NotSupportedException();
    }
}
