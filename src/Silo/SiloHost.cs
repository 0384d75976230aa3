using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Orleans.Configuration;
using VaeCluster.Contracts.Cluster;
using VaeCluster.Grains.Cluster;
using VaeCluster.Grains.Evaluations;
using VaeCluster.Grains.Liveness;
using VaeCluster.Grains.ParameterServer;
using VaeCluster.Grains.Runs;
using VaeCluster.Grains.Storage;
using VaeCluster.Grains.Trainers;
using VaeCluster.Silo.Configuration;
using VaeCluster.Silo.Devices;
using VaeCluster.Silo.Extensions;
using VaeCluster.Silo.Health;
using VaeCluster.Silo.Hosting;
using VaeCluster.Silo.Metrics;
using VaeCluster.Silo.Networking;
using VaeCluster.Silo.Services;
using VaeCluster.Training.Runtime;
using VaeCluster.Training.Workers;

namespace VaeCluster.Silo;

/// <summary>Composes a silo and runs it.</summary>
internal static class SiloHost
{
    /// <summary>How long a silo may take to stop, whatever is blocked. What its grains did not end by then is computed again elsewhere.</summary>
    public static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(4);

    public static async Task<int> RunAsync(SiloSettings options)
    {
        // Before any port opens: a silo that others know must not stall while the loader reads libtorch.
        TorchRuntime.Load();
        try
        {
            var extensions = LoadExtensions(options);
            await MembershipHostingExtensions.CheckRedisAsync(options);
            using var claim = await ClaimDataDirectoryAsync(options, extensions);
            await using var app = Build(options, DeviceCatalog.Find(options.Devices), extensions);
            await app.RunAsync();
            return 0;
        }
        catch (SiloStartException e)
        {
            // The sentence says what to do.
            await Console.Error.WriteLineAsync($"vaesilo: {e.Message}");
            return 1;
        }
        catch (Exception e)
        {
            // The end of the program: the whole exception is of use to whoever runs it, the first line to everybody.
            await Console.Error.WriteLineAsync($"vaesilo: the silo failed: {e.Message}\n{e}");
            return 1;
        }
    }

    private static ExtensionList LoadExtensions(SiloSettings options)
    {
        try
        {
            return ExtensionLoader.Load(options.Extensions);
        }
        catch (ExtensionLoadException e)
        {
            throw new SiloStartException(e.Message.Replace("\n", "\nvaesilo: ", StringComparison.Ordinal), e);
        }
    }

    private static async Task<DataDirectoryClaim> ClaimDataDirectoryAsync(SiloSettings options, ExtensionList extensions)
    {
        try
        {
            var cluster = new ClusterIdentity(options.ClusterId, options.Membership) { Extensions = extensions.Identities };
            return await DataDirectoryClaim.AcquireAsync(options.DataDir, cluster, options.EffectiveName);
        }
        catch (Exception e) when (e is DataDirectoryInUseException or IOException)
        {
            throw new SiloStartException(e.Message, e);
        }
    }

    public static WebApplication Build(SiloSettings options, IReadOnlyList<Device> devices, ExtensionList? extensions = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.AddConsole(options.LogFormat);
        builder.Logging.SetMinimumLevel(Enum.Parse<LogLevel>(options.LogLevel, ignoreCase: true));
        builder.Logging.AddLibraryFilters();
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.Services.Configure<DataDirectoryOptions>(data => data.Path = options.DataDir);
        builder.Services.AddSingleton(options);
        builder.Services.AddDataAccess(options);
        builder.Services.AddSingleton(extensions ?? new ExtensionList([]));

        builder.Services.Configure<LivenessOptions>(liveness => liveness.SilentSiloTimeout = TimeSpan.FromSeconds(options.SilentSiloTimeout));
        builder.UseOrleans(silo => silo
            .AddMembership(options)
            .AddLiveness()
            .Configure<SiloOptions>(orleans => orleans.SiloName = options.EffectiveName)
            .AddFileStorage()
            .AddClusterRegistry()
            .AddRuns()
            .AddParameterServers()
            .AddTrainers()
            .AddEvaluations()
            .UseLargeSocketBuffers());
        builder.Services.AddDeviceAnnouncer(devices);
        builder.Services.AddHostedService<StartReport>();
        builder.Services.AddHostedService<MembershipLog>();
        builder.Services.AddShutdownWatch();
        builder.Services.AddVaeClusterApi();
        builder.Services.AddVaeClusterHealth();
        builder.Services.AddVaeClusterMetrics();

        var app = builder.Build();
        app.MapVaeClusterApi();
        app.MapVaeClusterHealth();
        app.MapVaeClusterMetrics();
        return app;
    }

    private static void Listen(KestrelServerOptions kestrel, SiloSettings options)
    {
        var bind = IPAddress.Parse(options.Bind);
        kestrel.Limits.MaxConcurrentConnections = ApiLimits.ConnectionsMax;
        kestrel.Listen(bind, options.EffectiveGrpcPort, endpoint => endpoint.Protocols = HttpProtocols.Http2);
        kestrel.Listen(bind, options.EffectiveHttpPort, endpoint => endpoint.Protocols = HttpProtocols.Http1);
    }
}
