using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.TestingHost;
using VaeCluster.Contracts.Cluster;
using VaeCluster.Contracts.Specs;
using VaeCluster.Grains.Cluster;
using VaeCluster.Grains.Liveness;
using VaeCluster.Grains.ParameterServer;
using VaeCluster.Grains.Runs;
using VaeCluster.Grains.Storage;
using VaeCluster.Grains.Trainers;
using VaeCluster.Training.Workers;

namespace VaeCluster.Grains.Tests;

/// <summary>A cluster in this process, from Orleans' testing host. Each silo announces two CPU slots, as a real one does.</summary>
public sealed class TestedCluster : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-");
    private readonly InProcessTestCluster _cluster;
    private readonly Dictionary<string, Announcer> _announcers = new(StringComparer.Ordinal);

    private TestedCluster(short siloCount)
    {
        var builder = new InProcessTestClusterBuilder(siloCount);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureHost(host => host.Logging.AddConsole().SetMinimumLevel(LogLevel.None).AddFilter("VaeCluster", LogLevel.Warning));
        builder.ConfigureSilo((options, silo) => Configure(silo, options.SiloName));
        _cluster = builder.Build();
        Directory.CreateDirectory(DataDir);
    }

    public string DataDir => Path.Combine(_folder.FullName, "data");

    /// <summary>Calls grains from outside, over a gateway.</summary>
    public IGrainFactory Grains => _cluster.Client;

    /// <summary>The silos that live: <c>Silo_0</c> and so on.</summary>
    public IReadOnlyList<string> Silos => [.. _cluster.Silos.Select(silo => silo.Name)];

    public static async Task<TestedCluster> StartAsync(short siloCount)
    {
        // Loading libtorch takes seconds, in which a silo would answer nobody.
        DeviceCatalog.Find("cpu:1");
        var cluster = new TestedCluster(siloCount);
        await cluster._cluster.DeployAsync();
        foreach (var silo in cluster._cluster.Silos)
            cluster._announcers[silo.Name] = await Announcer.StartAsync(silo);
        return cluster;
    }

    /// <summary>Whether a grain is active on any silo.</summary>
    public bool IsActive(IAddressable grain) => _cluster.TryGetGrainContext(grain.GetGrainId(), out _);

    /// <summary>The name of the silo that a grain is active on.</summary>
    public string SiloOf(IAddressable grain)
    {
        Assert.True(_cluster.TryGetGrainContext(grain.GetGrainId(), out var context), $"{grain.GetGrainId()} is not active.");
        return _cluster.Silos.Single(silo => silo.SiloAddress.Equals(context!.Address.SiloAddress)).Name;
    }

    /// <summary>
    /// Kills a silo. The testing host only stops it in a hurry, and grains that are deactivated would write what a killed process cannot,
    /// so the silo loses its data directory first.
    /// </summary>
    public async Task KillAsync(string silo)
    {
        Directory.Delete(DataDirOf(silo));
        await _announcers[silo].DisposeAsync();
        _announcers.Remove(silo);
        await _cluster.KillSiloAsync(_cluster.Silos.Single(handle => handle.Name == silo));
    }

    /// <summary>Withdraws a silo's devices, as it does itself when it is asked to stop.</summary>
    public async Task WithdrawAsync(string silo)
    {
        await _announcers[silo].DisposeAsync();
        _announcers.Remove(silo);
        await Grains.GetGrain<IClusterGrain>(IClusterGrain.TheKey).WithdrawAsync(silo);
    }

    /// <summary>The partitions that a silo hosts.</summary>
    public HostedPartitions HostedPartitionsOf(string silo) =>
        _cluster.Silos.Single(handle => handle.Name == silo).ServiceProvider.GetRequiredService<HostedPartitions>();

    public async ValueTask DisposeAsync()
    {
        foreach (var announcer in _announcers.Values)
            await announcer.DisposeAsync();
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>A silo's own way to the data directory, which it can lose.</summary>
    private string DataDirOf(string silo) => Path.Combine(_folder.FullName, silo);

    private void Configure(ISiloBuilder silo, string name)
    {
        Directory.CreateSymbolicLink(DataDirOf(name), DataDir);
        silo.Services.AddMetrics();
        silo.Configure<DataDirectoryOptions>(data => data.Path = DataDirOf(name));
        silo.Configure<RunOptions>(run => run.ReconcilePeriod = TimeSpan.FromMilliseconds(20));
        silo.Configure<LivenessOptions>(liveness =>
        {
            liveness.RenewPeriod = TimeSpan.FromMilliseconds(50);
            liveness.AnswerTimeout = TimeSpan.FromSeconds(1);
        });
        silo.AddLiveness();
        silo.AddFileStorage().AddClusterRegistry().AddRuns().AddParameterServers().AddTrainers();
    }

    /// <summary>Announces the devices of one silo again and again, from within it.</summary>
    private sealed class Announcer : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly IClusterGrain _registry;
        private readonly SiloAnnouncement _announcement;
        private Task _running = Task.CompletedTask;

        private Announcer(InProcessSiloHandle silo)
        {
            _registry = silo.ServiceProvider.GetRequiredService<IGrainFactory>().GetGrain<IClusterGrain>(IClusterGrain.TheKey);
            _announcement = new(silo.Name, "1", [new("cpu:0", DeviceKind.Cpu, ""), new("cpu:1", DeviceKind.Cpu, "")]);
        }

        public static async Task<Announcer> StartAsync(InProcessSiloHandle silo)
        {
            var announcer = new Announcer(silo);
            await announcer._registry.AnnounceAsync(announcer._announcement);
            announcer._running = announcer.AnnounceAsync();
            return announcer;
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running;
            _stop.Dispose();
        }

        private async Task AnnounceAsync()
        {
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
            try
            {
                while (await timer.WaitForNextTickAsync(_stop.Token))
                    await TryAnnounceAsync();
            }
            catch (OperationCanceledException)
            {
                // The silo ends.
            }
        }

        private async Task TryAnnounceAsync()
        {
            try
            {
                await _registry.AnnounceAsync(_announcement).WaitAsync(_stop.Token);
            }
            catch (Exception e) when (e is OrleansException or TimeoutException)
            {
                // The silo that had the registry is gone; the next announcement activates it on another.
            }
        }
    }
}
