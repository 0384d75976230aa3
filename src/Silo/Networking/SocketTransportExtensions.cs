using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace VaeCluster.Silo.Networking;

/// <summary>
/// Puts a TCP transport with large buffers below Orleans. Orleans' own reads and writes 4 KiB at a time, which is right for small calls; a step sends
/// megabytes, and the system calls cost more than the gradients did. Messages, TLS and all above the bytes stay Orleans'.
/// </summary>
internal static class SocketTransportExtensions
{
    /// <summary>Replaces the transport between silos. To be called after Orleans has registered its own.</summary>
    /// <exception cref="InvalidOperationException">Orleans registers no transport that could be replaced.</exception>
    public static ISiloBuilder UseLargeSocketBuffers(this ISiloBuilder silo)
    {
        silo.Services.TryAddSingleton<SocketTransport>();
        Replace<IConnectionFactory>(silo.Services);
        Replace<IConnectionListenerFactory>(silo.Services);
        return silo;
    }

    /// <summary>The keys are Orleans' own objects, so they are taken from what it has registered.</summary>
    private static void Replace<TService>(IServiceCollection services)
        where TService : class
    {
        var replaced = services.Where(service => service.IsKeyedService && service.ServiceType == typeof(TService)).ToList();
        if (replaced.Count == 0)
            throw new InvalidOperationException(
                $"Orleans has registered no {typeof(TService).Name}; call {nameof(UseLargeSocketBuffers)} after the silo's own services.");
        foreach (var service in replaced)
        {
            services.Remove(service);
            services.AddKeyedSingleton<TService>(service.ServiceKey, (provider, _) => (TService)(object)provider.GetRequiredService<SocketTransport>());
        }
    }
}
