using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace VaeCluster.Tests.OrleansCompat.Support;

/// <summary>Silos in this process, on ports that the machine gave out.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly List<TestSilo> _silos = [];
    private readonly Action<ISiloBuilder> _configure;

    private TestCluster(Action<ISiloBuilder>? configure) => _configure = configure ?? (_ => { });

    public IReadOnlyList<TestSilo> Silos => _silos;

    public TestSilo this[int index] => _silos[index];

    public IGrainFactory Grains => _silos[0].Grains;

    public static async Task<TestCluster> StartAsync(int silos = 1, Action<ISiloBuilder>? configure = null)
    {
        var cluster = new TestCluster(configure);
        for (var i = 0; i < silos; i++) await cluster.AddAsync();
        await cluster.WaitForActiveAsync(silos);
        return cluster;
    }

    public async Task<TestSilo> AddAsync(IPEndPoint? endpoint = null, string? name = null)
    {
        var silo = await TestSilo.StartAsync(
            name ?? $"silo-{_silos.Count}", endpoint?.Port ?? Ports.Free(), _silos.Count == 0 ? null : _silos[0].Address.Endpoint, _configure);
        _silos.Add(silo);
        return silo;
    }

    /// <summary>Waits until every silo that runs knows of that many active ones.</summary>
    public Task WaitForActiveAsync(int count) => Eventually.TrueAsync(
        () => _silos.Where(silo => silo.IsRunning).All(silo => silo.ActiveCount == count),
        () => $"{count} active silos; seen: {string.Join(" | ", _silos.Where(silo => silo.IsRunning).Select(silo => $"{silo.Name}: {silo.Membership.CurrentSnapshot}"))}");

    public async ValueTask DisposeAsync()
    {
        // The primary goes last, as a person would stop a cluster.
        foreach (var silo in _silos.AsEnumerable().Reverse()) await silo.DisposeAsync();
    }
}

/// <summary>One silo and its host.</summary>
internal sealed class TestSilo : IAsyncDisposable
{
    private readonly IHost _host;

    private TestSilo(IHost host, TestLog log)
    {
        _host = host;
        Log = log;
    }

    public TestLog Log { get; }

    public bool IsRunning { get; private set; }

    public IServiceProvider Services => _host.Services;

    public Silo Silo => Services.GetRequiredService<Silo>();

    public IClusterClient Grains => Services.GetRequiredService<IClusterClient>();

    public SiloAddress Address => Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;

    public int GatewayPort => Services.GetRequiredService<ILocalSiloDetails>().GatewayAddress!.Endpoint.Port;

    public string Name => Services.GetRequiredService<ILocalSiloDetails>().Name;

    public IClusterMembershipService Membership => Services.GetRequiredService<IClusterMembershipService>();

    public int ActiveCount => Membership.CurrentSnapshot.Members.Values.Count(member => member.Status == SiloStatus.Active);

    public IHostApplicationLifetime Lifetime => Services.GetRequiredService<IHostApplicationLifetime>();

    public static IHost Build(string name, int siloPort, IPEndPoint? primary, Action<ISiloBuilder> configure, TestLog log)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(siloPort, Ports.Free(), primary);
            silo.Configure<SiloOptions>(options => options.SiloName = name);
            silo.Configure<ClusterMembershipOptions>(options => options.ProbeTimeout = TimeSpan.FromMilliseconds(500));
            silo.AddMemoryGrainStorageAsDefault().AddMemoryGrainStorage("memory");
            configure(silo);
        });
        return builder.Build();
    }

    public static async Task<TestSilo> StartAsync(string name, int siloPort, IPEndPoint? primary, Action<ISiloBuilder> configure)
    {
        var log = new TestLog();
        var silo = new TestSilo(Build(name, siloPort, primary, configure, log), log);
        await silo._host.StartAsync();
        silo.IsRunning = true;
        return silo;
    }

    public async Task StopAsync()
    {
        IsRunning = false;
        await _host.StopAsync();
    }

    /// <summary>Ends it as a killed process ends.</summary>
    public void Kill()
    {
        IsRunning = false;
        Silo.Kill();
    }

    public async ValueTask DisposeAsync()
    {
        if (IsRunning) await StopAsync();
        _host.Dispose();
    }
}

internal static class Ports
{
    private static readonly Lock Sync = new();
    private static readonly HashSet<int> Given = [];

    /// <summary>A port that was free a moment ago, and that this process has not given out before.</summary>
    public static int Free()
    {
        lock (Sync)
        {
            while (true)
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                var port = ((IPEndPoint)socket.LocalEndPoint!).Port;
                if (Given.Add(port)) return port;
            }
        }
    }
}
