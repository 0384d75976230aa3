using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime.Membership;

namespace Orleans.Hosting;

/// <summary>Clusters without a database.</summary>
public static class CoreHostingExtensions
{
    /// <summary>Silos on one machine. The one on <paramref name="primarySiloEndpoint"/> is where the others find each other; without it, a silo is its own.</summary>
    public static ISiloBuilder UseLocalhostClustering(
        this ISiloBuilder builder,
        int siloPort = EndpointOptions.DEFAULT_SILO_PORT,
        int gatewayPort = EndpointOptions.DEFAULT_GATEWAY_PORT,
        IPEndPoint? primarySiloEndpoint = null,
        string serviceId = ClusterOptions.DevelopmentServiceId,
        string clusterId = ClusterOptions.DevelopmentClusterId)
    {
        builder.Configure<EndpointOptions>(options =>
        {
            options.AdvertisedIPAddress = IPAddress.Loopback;
            options.SiloPort = siloPort;
            options.GatewayPort = gatewayPort;
        });

        // As the real one: the defaults leave ClusterOptions as they are.
        if (serviceId != ClusterOptions.DevelopmentServiceId || clusterId != ClusterOptions.DevelopmentClusterId)
        {
            builder.Configure<ClusterOptions>(options =>
            {
                options.ServiceId = serviceId;
                options.ClusterId = clusterId;
            });
        }

        return builder.UseDevelopmentClustering(primarySiloEndpoint!);
    }

    public static ISiloBuilder UseDevelopmentClustering(this ISiloBuilder builder, IPEndPoint primarySiloEndpoint)
    {
        builder.Configure<DevelopmentClusterMembershipOptions>(options => options.PrimarySiloEndpoint = primarySiloEndpoint);
        builder.Services.Replace(ServiceDescriptor.Singleton<IMembershipStoreFactory>(services =>
        {
            var primary = services.GetRequiredService<IOptions<DevelopmentClusterMembershipOptions>>().Value.PrimarySiloEndpoint
                ?? services.GetRequiredService<IOptions<EndpointOptions>>().Value.SiloEndpoint;
            return new MembershipStoreFactory((state, target) => new PrimarySiloStore(primary, state, target));
        }));
        return builder;
    }
}
