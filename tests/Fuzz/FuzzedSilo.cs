using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using VaeCluster.Contracts.V1;
using VaeCluster.Silo;
using VaeCluster.Silo.Configuration;
using VaeCluster.Silo.Devices;

namespace VaeCluster.Fuzz;

/// <summary>A silo in this process without devices, with one run that waits.</summary>
public sealed class FuzzedSilo : IAsyncLifetime
{
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vaesilo-fuzz-");
    private readonly WebApplication _app;

    public FuzzedSilo()
    {
        Ports = LoopbackPorts.Free(4);
        _app = SiloHost.Build(
            new SiloSettings
            {
                Name = "fuzzed",
                ClusterId = "fuzz",
                DataDir = _folder.FullName,
                DataRoots = _folder.FullName,
                Devices = "none",
                LogLevel = "critical",
                GrpcPort = Ports[0],
                HttpPort = Ports[1],
                SiloPort = Ports[2],
                GatewayPort = Ports[3],
            },
            []);
        Channel = GrpcChannel.ForAddress($"http://127.0.0.1:{Ports[0]}");
        Runs = new(Channel);
        Cluster = new(Channel);
    }

    public IReadOnlyList<int> Ports { get; }

    public GrpcChannel Channel { get; }

    public Runs.RunsClient Runs { get; }

    public Cluster.ClusterClient Cluster { get; }

    public async ValueTask InitializeAsync()
    {
        await _app.StartAsync(TestContext.Current.CancellationToken);
        await _app.Services.GetRequiredService<DeviceAnnouncer>().FirstAnnounced.WaitAsync(ReadyTimeout, TestContext.Current.CancellationToken);
        await Runs.SubmitAsync(new SubmitRequest { Spec = "{ name: fuzzed, data: { count: 100, imageSize: 8, test: 10 }, training: { batch: 10 } }" });
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
