using VaeCluster.Contracts.Cluster;

namespace VaeCluster.Silo.Devices;

/// <summary>Registers the announcer.</summary>
internal static class DevicesHostingExtensions
{
    public static void AddDeviceAnnouncer(this IServiceCollection services, IReadOnlyList<Device> devices)
    {
        services.AddSingleton(new DeviceList([.. devices]));
        services.AddSingleton<DeviceAnnouncer>();
        services.AddHostedService(provider => provider.GetRequiredService<DeviceAnnouncer>());
    }
}
