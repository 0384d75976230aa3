using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime.Membership;
using Orleans.Runtime.Messaging;
using StackExchange.Redis;

namespace Microsoft.Extensions.Hosting;

/// <summary>Lets silos find each other in Redis.</summary>
public static class RedisClusteringISiloBuilderExtensions
{
    public static ISiloBuilder UseRedisClustering(this ISiloBuilder builder, Action<RedisClusteringOptions> configuration)
    {
        builder.Configure(configuration);
        builder.Services.Replace(ServiceDescriptor.Singleton<IMembershipStoreFactory>(services =>
        {
            var store = RedisStores.Create(services);
            return new MembershipStoreFactory((_, _) => store);
        }));
        return builder;
    }

    public static ISiloBuilder UseRedisClustering(this ISiloBuilder builder, string redisConnectionString) =>
        builder.UseRedisClustering(options => options.ConfigurationOptions = ConfigurationOptions.Parse(redisConnectionString));
}

/// <summary>Lets clients find gateways in Redis.</summary>
public static class RedisClusteringIClientBuilderExtensions
{
    public static IClientBuilder UseRedisClustering(this IClientBuilder builder, Action<RedisClusteringOptions> configuration)
    {
        builder.Configure(configuration);
        builder.Services.Replace(ServiceDescriptor.Singleton<IGatewayList>(services => new RedisGatewayList(RedisStores.Create(services))));
        return builder;
    }

    public static IClientBuilder UseRedisClustering(this IClientBuilder builder, string redisConnectionString) =>
        builder.UseRedisClustering(options => options.ConfigurationOptions = ConfigurationOptions.Parse(redisConnectionString));
}

internal static class RedisStores
{
    public static RedisMembershipStore Create(IServiceProvider services) => new(
        services.GetRequiredService<IOptions<RedisClusteringOptions>>().Value,
        services.GetRequiredService<IOptions<ClusterOptions>>().Value,
        services.GetRequiredService<IOptions<ClusterMembershipOptions>>().Value.DefunctSiloExpiration);
}
