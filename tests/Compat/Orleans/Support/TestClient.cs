using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace VaeCluster.Tests.OrleansCompat.Support;

/// <summary>A client and its host.</summary>
internal sealed class TestClient : IAsyncDisposable
{
    private readonly IHost _host;

    private TestClient(IHost host, TestLog log)
    {
        _host = host;
        Log = log;
    }

    public TestLog Log { get; }

    public IClusterClient Grains => _host.Services.GetRequiredService<IClusterClient>();

    public static Task<TestClient> StartAsync(params int[] gatewayPorts) => StartAsync(client => client.UseLocalhostClustering(gatewayPorts));

    public static async Task<TestClient> StartAsync(Action<IClientBuilder> configure)
    {
        var log = new TestLog();
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        builder.UseOrleansClient(configure);
        var host = builder.Build();
        await host.StartAsync();
        return new(host, log);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
