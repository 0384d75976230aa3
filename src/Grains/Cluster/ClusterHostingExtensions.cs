using Microsoft.Extensions.DependencyInjection.Extensions;

namespace VaeCluster.Grains.Cluster;

/// <summary>Registers the cluster's registry.</summary>
public static class ClusterHostingExtensions
{
    /// <summary>Lets this silo host the cluster's registry.</summary>
    public static ISiloBuilder AddClusterRegistry(this ISiloBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<ClusterInstruments>();
        return builder;
    }
}
