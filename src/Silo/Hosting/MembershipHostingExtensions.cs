using System.Net;
using Orleans.Configuration;
using StackExchange.Redis;
using VaeCluster.Grains.Liveness;
using VaeCluster.Silo.Configuration;

namespace VaeCluster.Silo.Hosting;

/// <summary>Registers where the cluster keeps its members, and the addresses that they reach this silo by.</summary>
internal static class MembershipHostingExtensions
{
    private const string ServiceId = "vaecluster";

    /// <summary>How long Redis may take to answer. A silo trains on without it and asks again.</summary>
    private static readonly TimeSpan RedisTimeout = TimeSpan.FromSeconds(2);

    public static ISiloBuilder AddMembership(this ISiloBuilder silo, SiloSettings options)
    {
        if (options.Redis is not null)
        {
            silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, ServiceId))
                .UseRedisClustering(redis => redis.ConfigurationOptions = RedisOptions(options.Redis))
                .AddDeadMemberEviction();
        }
        else
        {
            silo.UseLocalhostClustering(
                options.EffectiveSiloPort,
                options.EffectiveGatewayPort,
                IPEndPoint.Parse(options.EffectivePrimary),
                ServiceId,
                options.ClusterId);
        }
        return silo.Configure<EndpointOptions>(endpoints =>
        {
            var bind = IPAddress.Parse(options.Bind);
            endpoints.AdvertisedIPAddress = options.EffectiveAdvertise;
            (endpoints.SiloPort, endpoints.GatewayPort) = (options.EffectiveSiloPort, options.EffectiveGatewayPort);
            endpoints.SiloListeningEndpoint = new IPEndPoint(bind, options.EffectiveSiloPort);
            endpoints.GatewayListeningEndpoint = new IPEndPoint(bind, options.EffectiveGatewayPort);
        });
    }

    /// <summary>Finds out whether Redis answers, before a silo is built that could not start without it.</summary>
    /// <exception cref="SiloStartException">It does not; the message says what to do.</exception>
    public static async Task CheckRedisAsync(SiloSettings options)
    {
        if (options.Redis is null)
            return;
        try
        {
            var configuration = RedisOptions(options.Redis);
            configuration.AbortOnConnectFail = true;
            await using var redis = await ConnectionMultiplexer.ConnectAsync(configuration);
            await redis.GetDatabase().PingAsync();
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            throw new SiloStartException(
                $"--redis names {options.Membership}, which does not answer: {e.Message} It keeps the membership. Start Redis, or give the "
                    + "address at which it answers, and start this silo again.",
                e);
        }
    }

    private static ConfigurationOptions RedisOptions(string text)
    {
        var configuration = ConfigurationOptions.Parse(text);
        // A silo stays in the cluster while Redis is away, and goes on with it when it is back.
        configuration.AbortOnConnectFail = false;
        configuration.ConnectTimeout = configuration.AsyncTimeout = configuration.SyncTimeout = (int)RedisTimeout.TotalMilliseconds;
        return configuration;
    }
}
