using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using VaeCluster.Contracts.V1;

namespace VaeCluster.EndToEnd;

/// <summary>What arrives at a silo's ports from those who do not mean well, or do not know better.</summary>
public sealed class HostileNetworkTests
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Garbage_OnEveryPort_LeavesTheSiloServing()
    {
        await using var silo = await SiloProcess.StartAsync();
        var random = new Random(7);

        foreach (var port in new[] { silo.GrpcPort, silo.HttpPort, silo.SiloPort, silo.GatewayPort })
        {
            foreach (var length in new[] { 0, 1, 100, 100_000 })
                await SendAsync(port, random, length);
        }

        var version = await silo.Cluster.Cluster.VersionAsync(new VersionRequest(), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("vaecluster", version.ClusterId);
    }

    [Fact]
    public async Task Submit_OfASpecOverTheMessageLimit_IsRefusedAndTheSiloServesOn()
    {
        await using var silo = await SiloProcess.StartAsync();
        var request = new SubmitRequest { Spec = "name: " + new string('x', 5 << 20) };

        var e = await Assert.ThrowsAsync<RpcException>(async () => await silo.Cluster.Runs.SubmitAsync(request, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(StatusCode.ResourceExhausted, e.StatusCode);
        Assert.Empty((await silo.Cluster.Runs.ListAsync(new ListRunsRequest(), cancellationToken: TestContext.Current.CancellationToken)).Runs);
    }

    [Fact]
    public async Task Start_OfASiloOfAnotherCluster_IsNotLetIn()
    {
        await using var silo = await SiloProcess.StartAsync("cpu:1", null, "--name", "first");

        await using var stranger = SiloProcess.Begin("--name", "stranger", "--primary", $"127.0.0.1:{silo.SiloPort}", "--cluster-id", "another", "--devices", "cpu:1");

        // Each sends the other its cluster's id; whoever reads first hangs up, and says so in its log.
        await Eventually.GetAsync("The refusal in a silo's log", () => Task.FromResult(Refused(silo) ?? Refused(stranger)), WaitTimeout);
        var devices = await silo.Cluster.Devices.ListAsync(new ListDevicesRequest(), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("first/cpu:0", Assert.Single(devices.Devices).Id);
    }

    private static string? Refused(SiloProcess silo) =>
        silo.Output.Contains("Unexpected cluster id", StringComparison.Ordinal) ? silo.Output : null;

    private static async Task SendAsync(int port, Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        try
        {
            await client.GetStream().WriteAsync(bytes, TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // The silo hung up in the middle, which is its right.
        }
    }
}
