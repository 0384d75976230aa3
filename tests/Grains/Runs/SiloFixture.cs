using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using VaeCluster.Contracts.Cluster;
using VaeCluster.Contracts.Specs;
using VaeCluster.Grains.Cluster;
using VaeCluster.Grains.ParameterServer;
using VaeCluster.Grains.Runs;
using VaeCluster.Grains.Storage;
using VaeCluster.Grains.Trainers;

namespace VaeCluster.Grains.Tests.Runs;

/// <summary>One silo in this process, with two CPU slots that it announces as a real one would.</summary>
public sealed class SiloFixture : IAsyncLifetime
{
    public const string SiloName = "test";

    private readonly CancellationTokenSource _stop = new();
    private IHost? _host;
    private Task _announcing = Task.CompletedTask;

    public string DataDir { get; } = Directory.CreateTempSubdirectory("silo-").FullName;

    public IGrainFactory Grains => _host!.Services.GetRequiredService<IGrainFactory>();

    public async ValueTask InitializeAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddMetrics();
        builder.Services.Configure<DataDirectoryOptions>(data => data.Path = DataDir);
        builder.Services.Configure<RunOptions>(run => (run.WatchPeriod, run.TrainerCheckPeriod) = (TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(50)));
        var (siloPort, gatewayPort) = (FreePort(), FreePort());
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(siloPort, gatewayPort, new IPEndPoint(IPAddress.Loopback, siloPort))
            .Configure<SiloOptions>(options => options.SiloName = SiloName)
            .AddFileStorage()
            .AddClusterBook()
            .AddRuns()
            .AddParameterServers()
            .AddTrainers());
        _host = builder.Build();
        await _host.StartAsync();
        var announcement = new SiloAnnouncement(SiloName, "1", [new("cpu:0", DeviceKind.Cpu, ""), new("cpu:1", DeviceKind.Cpu, "")]);
        await Grains.GetGrain<IClusterGrain>(IClusterGrain.TheKey).AnnounceAsync(announcement);
        _announcing = AnnounceAsync(announcement);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _announcing;
        await _host!.StopAsync();
        _host.Dispose();
        _stop.Dispose();
        Directory.Delete(DataDir, recursive: true);
    }

    private async Task AnnounceAsync(SiloAnnouncement announcement)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
                await Grains.GetGrain<IClusterGrain>(IClusterGrain.TheKey).AnnounceAsync(announcement);
        }
        catch (OperationCanceledException)
        {
            // The fixture ends.
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
