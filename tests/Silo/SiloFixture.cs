using Grpc.Net.Client;
using Grpc.Reflection.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using VaeCluster.Contracts.V1;
using VaeCluster.Silo.Configuration;
using VaeCluster.Silo.Devices;

namespace VaeCluster.Silo.Tests;

/// <summary>
/// A silo in this process, without devices: runs are accepted and wait. It is the program's own host on real ports, not Orleans' test
/// cluster, because these tests are of the composition: its settings, its services and its ports.
/// </summary>
public sealed class SiloFixture : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vaesilo-tests-");
    private readonly SiloSettings _settings;
    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;

    public SiloFixture()
    {
        var ports = LoopbackPorts.Free(4);
        _settings = new SiloSettings
        {
            Name = "tested",
            ClusterId = "tests",
            DataDir = _folder.FullName,
            DataRoots = Path.GetTempPath(),
            Devices = "none",
            LogLevel = "warning",
            GrpcPort = ports[0],
            HttpPort = ports[1],
            SiloPort = ports[2],
            GatewayPort = ports[3],
        };
        _app = SiloHost.Build(_settings, []);
        _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{ports[0]}");
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{ports[1]}") };
        Runs = new(_channel);
        Devices = new(_channel);
        Artifacts = new(_channel);
        Models = new(_channel);
        Cluster = new(_channel);
        GrpcHealth = new(_channel);
        Reflection = new(_channel);
    }

    public HttpClient Http { get; }

    public Runs.RunsClient Runs { get; }

    public Contracts.V1.Devices.DevicesClient Devices { get; }

    public Artifacts.ArtifactsClient Artifacts { get; }

    public Models.ModelsClient Models { get; }

    public Cluster.ClusterClient Cluster { get; }

    public Grpc.Health.V1.Health.HealthClient GrpcHealth { get; }

    public HealthCheckService Health => _app.Services.GetRequiredService<HealthCheckService>();

    public ServerReflection.ServerReflectionClient Reflection { get; }

    public async ValueTask InitializeAsync()
    {
        await _app.StartAsync(TestContext.Current.CancellationToken);
        var announcer = _app.Services.GetRequiredService<DeviceAnnouncer>();
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!announcer.HasAnnounced)
        {
            Assert.False(timeout.IsCancellationRequested, "The silo did not announce itself within 30 s.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public string RunFolder(string runId) => Path.Combine(_folder.FullName, "runs", runId);

    public string ArtifactsFolder(string runId) => Directory.CreateDirectory(Path.Combine(_folder.FullName, "runs", runId, "artifacts")).FullName;

    public async Task<Run> SubmitAsync(string name = "waits", params string[] overrides) =>
        await Runs.SubmitAsync(new SubmitRequest { Spec = $"{{ name: {name}, data: {{ source: shapes, count: 100, imageSize: 8, test: 10 }}, training: {{ batch: 10 }} }}", Overrides = { overrides } });

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _channel.Dispose();
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
