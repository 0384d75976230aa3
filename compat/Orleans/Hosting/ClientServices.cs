using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Runtime.Messaging;

namespace Orleans.Hosting;

/// <summary>The services of a client.</summary>
internal static class ClientServices
{
    public static void Add(IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(OutsideClient))) return;
        if (services.Any(service => service.ServiceType == typeof(Silo)))
        {
            throw new OrleansConfigurationException("This host is a silo, which has a client of its own: inject IClusterClient or IGrainFactory, and take UseOrleansClient away.");
        }

        services.AddLogging();
        services.AddOptions();
        services.AddSingleton<IValidateOptions<ClusterOptions>, ClusterOptionsValidator>();
        services.TryAddSingleton<IGatewayList, StaticGatewayList>();
        services.AddSingleton(provider => new OutsideClient(
            provider.GetRequiredService<IOptions<ClusterOptions>>().Value,
            provider.GetRequiredService<IOptions<ClientMessagingOptions>>().Value,
            provider.GetRequiredService<IGatewayList>(),
            provider,
            provider.GetRequiredService<ILogger<OutsideClient>>(),
            provider.GetRequiredService<ILogger<Runtime.Metadata.ObserverRegistry>>()));
        services.AddSingleton<IClusterClient>(provider => provider.GetRequiredService<OutsideClient>().GrainFactory);
        services.AddSingleton<IGrainFactory>(provider => provider.GetRequiredService<IClusterClient>());
        services.AddHostedService<ClientHostedService>();
    }
}
