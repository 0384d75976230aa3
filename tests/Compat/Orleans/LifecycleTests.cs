using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using VaeCluster.Tests.OrleansCompat.Grains;
using VaeCluster.Tests.OrleansCompat.Support;

namespace VaeCluster.Tests.OrleansCompat;

public sealed class LifecycleTests
{
    [Fact]
    public async Task IdleGrain_IsDeactivatedAndKeptOnesAreNot()
    {
        await using var cluster = await TestCluster.StartAsync(1, silo => silo.Configure<GrainCollectionOptions>(options =>
        {
            options.CollectionQuantum = TimeSpan.FromMilliseconds(50);
            options.CollectionAge = TimeSpan.FromMilliseconds(200);
        }));
        var idle = cluster.Grains.GetGrain<IIdleGrain>(1, typeof(IdleGrain).FullName);
        var delayed = cluster.Grains.GetGrain<IIdleGrain>(2, typeof(IdleGrain).FullName);
        var kept = cluster.Grains.GetGrain<IKeptGrain>(3);
        await Task.WhenAll(idle.Touch(), delayed.Keep(TimeSpan.FromMinutes(1)), kept.Touch());

        await Eventually.TrueAsync(() => IdleGrain.Ended.ContainsKey(idle.GetGrainId()), () => "the idle grain to be deactivated");

        Assert.Equal(DeactivationReasonCode.ActivationIdle, IdleGrain.Ended[idle.GetGrainId()].ReasonCode);
        Assert.NotNull(cluster[0].Silo.Catalog.Find(delayed.GetGrainId()));
        Assert.NotNull(cluster[0].Silo.Catalog.Find(kept.GetGrainId()));
        Assert.Null(cluster[0].Silo.Catalog.Find(idle.GetGrainId()));
        await idle.Touch();
    }

    [Fact]
    public async Task Stop_DeactivatesGrainsWithItsReason()
    {
        await using var cluster = await TestCluster.StartAsync();
        var grain = cluster.Grains.GetGrain<IIdleGrain>(77, typeof(IdleGrain).FullName);
        await grain.Touch();

        await cluster[0].StopAsync();

        Assert.Equal(DeactivationReasonCode.ShuttingDown, IdleGrain.Ended[GrainId.Create("idle", "4D")].ReasonCode);
    }

    [Fact]
    public async Task Stages_RunInOrderAndBackwards()
    {
        var stages = new List<string>();
        var cluster = await TestCluster.StartAsync(1, silo => silo
            .AddStartupTask((services, _) => CallAsync(services, stages, "task"))
            .ConfigureServices(services => services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(_ => new Participant(stages))));
        await cluster.DisposeAsync();

        Assert.Equal(["application", "task 1", "active", "active stop", "application stop"], stages);

        static async Task CallAsync(IServiceProvider services, List<string> stages, string name) =>
            stages.Add($"{name} {await services.GetRequiredService<IGrainFactory>().GetGrain<ICounterGrain>("startup").Increment(1)}");
    }

    [Fact]
    public async Task HostedService_CallsGrainsFromWithinTheSilo()
    {
        var service = new Caller();
        await using var cluster = await TestCluster.StartAsync(1, silo => silo.ConfigureServices(services => services.AddSingleton<IHostedService>(provider =>
        {
            service.Client = provider.GetRequiredService<IClusterClient>();
            return service;
        })));

        Assert.Equal(5, await service.Result.Task.InTimeAsync("the hosted service's call"));
    }

    [Fact]
    public async Task Defaults_AreAsDocumented()
    {
        await using var cluster = await TestCluster.StartAsync();
        var messaging = cluster[0].Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<SiloMessagingOptions>>().Value;
        var collection = cluster[0].Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<GrainCollectionOptions>>().Value;
        var membership = new ClusterMembershipOptions();

        Assert.Equal((TimeSpan.FromSeconds(30), 100 * 1024 * 1024, 2), (messaging.ResponseTimeout, messaging.MaxMessageBodySize, messaging.MaxForwardCount));
        Assert.Equal((TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(1)), (collection.CollectionAge, collection.CollectionQuantum));
        Assert.Equal((TimeSpan.FromSeconds(1), 3), (membership.ProbeTimeout, membership.NumMissedProbesLimit));
        Assert.Equal(TimeSpan.FromSeconds(1), new SchedulingOptions().TurnWarningLengthThreshold);
        Assert.Equal(("default", "default"), (new ClusterOptions().ClusterId, new ClusterOptions().ServiceId));
        Assert.Equal((11111, 30000), (new EndpointOptions().SiloPort, new EndpointOptions().GatewayPort));
    }

    [Fact]
    public async Task SiloWithoutClustering_DoesNotStartAndSaysHow()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.UseOrleans(_ => { });
        using var host = builder.Build();

        var exception = await Assert.ThrowsAsync<OrleansConfigurationException>(() => host.StartAsync());

        Assert.StartsWith("The silo has no clustering. Call UseLocalhostClustering()", exception.Message);
    }

    private sealed class Participant(List<string> stages) : ILifecycleParticipant<ISiloLifecycle>
    {
        public void Participate(ISiloLifecycle lifecycle)
        {
            Observe(lifecycle, "active", ServiceLifecycleStage.Active + 1);
            Observe(lifecycle, "application", ServiceLifecycleStage.ApplicationServices);
        }

        private void Observe(ISiloLifecycle lifecycle, string name, int stage) =>
            lifecycle.Subscribe(name, stage, _ => Add(name), _ => Add(name + " stop"));

        private Task Add(string text)
        {
            stages.Add(text);
            return Task.CompletedTask;
        }
    }

    private sealed class Caller : BackgroundService
    {
        public IClusterClient? Client { get; set; }

        public TaskCompletionSource<int> Result { get; } = new();

        protected override async Task ExecuteAsync(CancellationToken stoppingToken) =>
            Result.SetResult(await Client!.GetGrain<ICounterGrain>("hosted").Increment(5));
    }
}
