using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime.Messaging;
using VaeCluster.Tests.OrleansCompat.Grains;
using VaeCluster.Tests.OrleansCompat.Support;

namespace VaeCluster.Tests.OrleansCompat;

/// <summary>What a silo says to those who do not belong.</summary>
public sealed class RefusalTests : IAsyncLifetime
{
    private TestCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await TestCluster.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Garbage_OnAPort_IsRefusedWithAWarning(bool gateway)
    {
        var port = gateway ? _cluster[0].GatewayPort : _cluster[0].Address.Endpoint.Port;
        using var socket = await ConnectAsync(port);

        await socket.SendAsync("GET / HTTP/1.1\r\nHost: silo\r\n\r\n"u8.ToArray());

        await AssertClosedAsync(socket);
        await AssertWarnedAsync("it started with 'GET / HTTP/1', which is not this cluster's protocol.");
        Assert.Equal(1, await _cluster.Grains.GetGrain<ICounterGrain>($"garbage-{gateway}").Increment(1));
    }

    [Fact]
    public async Task OtherProtocolVersion_IsRefusedWithAWarning()
    {
        using var socket = await ConnectAsync(_cluster[0].Address.Endpoint.Port);

        await socket.SendAsync((byte[])[.. "VCOR"u8, 99, 0, 0, 0, 0, 0, 0, 0]);

        await AssertClosedAsync(socket);
        await AssertWarnedAsync("it speaks version 99 of the protocol, and this process speaks version 1.");
    }

    [Fact]
    public async Task HugeGreeting_IsRefusedWithAWarning()
    {
        using var socket = await ConnectAsync(_cluster[0].Address.Endpoint.Port);

        await socket.SendAsync((byte[])[.. "VCOR"u8, 1, 0, 0, 0, 255, 255, 255, 255]);

        await AssertClosedAsync(socket);
        await AssertWarnedAsync("its greeting announces 4294967295 bytes, and at most 1048576 are taken.");
    }

    [Fact]
    public async Task Client_OfAnotherCluster_IsToldWhy()
    {
        using var host = ClientHost(client => client.UseLocalhostClustering(_cluster[0].GatewayPort, "service", "another"));

        var exception = await Assert.ThrowsAsync<ConnectionFailedException>(() => Client(host).ConnectAsync(CancellationToken.None));

        Assert.Contains("it refused: it belongs to cluster 'another', and this process to 'default' (ClusterOptions.ClusterId)", exception.Message);
        await AssertWarnedAsync("it belongs to cluster 'another', and this process to 'default' (ClusterOptions.ClusterId).");
    }

    [Fact]
    public async Task Client_OnTheSiloPort_IsToldWhy()
    {
        using var host = ClientHost(client => client.UseLocalhostClustering(_cluster[0].Address.Endpoint.Port));

        var exception = await Assert.ThrowsAsync<ConnectionFailedException>(() => Client(host).ConnectAsync(CancellationToken.None));

        Assert.Contains("it is a client, and this port is for silos; clients connect to the gateway port (EndpointOptions.GatewayPort)", exception.Message);
    }

    [Fact]
    public async Task PortInUse_FailsTheStartAndNamesTheOption()
    {
        var port = _cluster[0].Address.Endpoint.Port;
        using var host = TestSilo.Build("late", port, null, _ => { }, new());

        var exception = await Assert.ThrowsAsync<OrleansConfigurationException>(() => host.StartAsync());

        Assert.Equal(
            $"The silo cannot listen on 127.0.0.1:{port}: Address already in use. Is another process on port {port}? Set EndpointOptions.SiloPort to a free one.",
            exception.Message);
    }

    [Fact]
    public async Task BadOptions_FailTheStartWithEveryFault()
    {
        using var host = TestSilo.Build("bad", 11, null, silo => silo.Configure<EndpointOptions>(options => (options.SiloPort, options.GatewayPort) = (70000, 70000)), new());

        var exception = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => host.StartAsync());

        Assert.Equal(
            [
                "EndpointOptions.SiloPort is 70000; it must be between 1 and 65535.",
                "EndpointOptions.GatewayPort is 70000; it must be between 1 and 65535, or 0 for a silo without a gateway.",
                "EndpointOptions.SiloPort and GatewayPort are both 70000; they must differ.",
            ],
            exception.Failures);
    }

    [Fact]
    public async Task BrokenFrame_EndsOnlyItsConnection()
    {
        await using var client = await TestClient.StartAsync(_cluster[0].GatewayPort);
        using var socket = await ConnectAsync(_cluster[0].GatewayPort);
        var hello = new Orleans.Runtime.Networking.Handshake.Hello(Orleans.Runtime.Networking.Handshake.Role.Client, "default", "default", ClientId: "mallory");
        await Orleans.Runtime.Networking.Handshake.SendAsync(socket, hello, CancellationToken.None);
        await Orleans.Runtime.Networking.Handshake.ReceiveAsync(socket, CancellationToken.None);

        await socket.SendAsync((byte[])[255, 255, 255, 127, 0, 0, 0, 0]);

        await AssertClosedAsync(socket);
        Assert.Equal(1, await client.Grains.GetGrain<ICounterGrain>("unharmed").Increment(1));
    }

    private static async Task<Socket> ConnectAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return socket;
    }

    private static async Task AssertClosedAsync(Socket socket)
    {
        try
        {
            Assert.Equal(0, await socket.ReceiveAsync(new byte[1]).InTimeAsync("the silo to hang up"));
        }
        catch (SocketException exception)
        {
            Assert.Equal(SocketError.ConnectionReset, exception.SocketErrorCode);
        }
    }

    private static IHost ClientHost(Action<IClientBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.UseOrleansClient(configure);
        return builder.Build();
    }

    private static OutsideClient Client(IHost host) => host.Services.GetRequiredService<OutsideClient>();

    /// <summary>The silo hangs up first and says why then.</summary>
    private Task AssertWarnedAsync(string why) => Eventually.TrueAsync(
        () => _cluster[0].Log.Lines.Any(line => line.Level == LogLevel.Warning && line.Text.EndsWith($" was refused: {why}", StringComparison.Ordinal)),
        () => $"a warning that ends with '{why}' in:\n{_cluster[0].Log.Dump()}");
}
