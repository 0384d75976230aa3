using System.Net.Sockets;
using System.Text;
using CsCheck;
using Grpc.Core;
using VaeCluster.Contracts.V1;
using VaeCluster.Fuzz.Targets;

namespace VaeCluster.Fuzz;

/// <summary>
/// A real silo, in this process and on real ports, that gets requests of every kind. No answer is Internal, and the silo goes on answering: an Internal status
/// is an exception that nobody thought of.
/// </summary>
public sealed class SiloFuzzTests(FuzzedSilo silo) : IClassFixture<FuzzedSilo>
{
    private const double ShareOfCalls = 1.5 / 14;
    private const int ConnectionsInAll = 60;

    /// <summary>A call that takes longer hangs; a machine that is busy with other work may pause the silo for seconds.</summary>
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_OfAnyContent_AreAnsweredSoon_AndNoneIsInternal()
    {
        var cases = Math.Max(1, (int)(FuzzSettings.Cases * ShareOfCalls));
        for (var number = 0; number < cases; number++)
            await CallAsync(number);
    }

    [Fact]
    public async Task Ports_ThatGetAnyBytes_GoOnAnswering()
    {
        for (var number = 0; number < ConnectionsInAll; number++)
        {
            var random = new PCG((uint)number, FuzzSettings.Seed);
            await SendAsync(random.Of(silo.Ports), random.Of(Beginnings()).Concat(random.Bytes(2000)).ToArray());
        }

        var version = await silo.Cluster.VersionAsync(new VersionRequest(), deadline: DateTime.UtcNow + CallTimeout, cancellationToken: Token);
        Assert.Equal("fuzzed", version.Silo);
    }

    private async Task CallAsync(int number)
    {
        var call = SiloCalls.Make(new PCG((uint)number, FuzzSettings.Seed), silo, out var isMessage);
        try
        {
            await call(new CallOptions(deadline: DateTime.UtcNow + CallTimeout, cancellationToken: Token));
        }
        catch (RpcException e)
        {
            // Deadlines are hangs; the others are exceptions that no reader documents.
            Assert.False(
                e.StatusCode is StatusCode.Internal or StatusCode.DeadlineExceeded || (e.StatusCode == StatusCode.Unknown && isMessage),
                $"Call {number} with seed {FuzzSettings.Seed} ended with {e.Status}.");
        }
    }

    /// <summary>What the protocols of the ports begin with, so that some of the bytes come further than the first.</summary>
    private static byte[][] Beginnings() =>
    [
        [], [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8], [.. "GET /metrics HTTP/1.1\r\nHost: x\r\n"u8], [.. "GET / HTTP/1.1\r\n"u8], [0x16, 3, 1], [4, 0, 0, 0, 255, 255, 255, 127],
        [255, 255, 255, 127, 0, 0, 0, 0], [8, 0, 0, 0, 8, 0, 0, 0], Encoding.ASCII.GetBytes(new string('A', 10_000)),
    ];

    private static async Task SendAsync(int port, byte[] bytes)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, Token);
        try
        {
            await client.GetStream().WriteAsync(bytes, Token);
        }
        catch (IOException)
        {
            // The silo has closed the connection already.
        }
    }
}
