using Microsoft.Extensions.DependencyInjection.Extensions;

namespace VaeCluster.Grains.ParameterServer;

/// <summary>Registers the parameter servers.</summary>
public static class ParameterServerHostingExtensions
{
    /// <summary>Lets this silo host parameter servers.</summary>
    public static ISiloBuilder AddParameterServers(this ISiloBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<ParameterServerInstruments>();
        builder.Services.TryAddSingleton<HostedPartitions>();
        builder.Services.TryAddSingleton<StandbyMemory>();
        return builder;
    }
}
