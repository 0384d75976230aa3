namespace VaeCluster.Grains.Devices;

/// <summary>Device ids: <c>silo/device</c>.</summary>
public static class DeviceId
{
    /// <summary>The id of a silo's device.</summary>
    public static string Of(string silo, string device) => $"{silo}/{device}";

    /// <summary>The silo's name in an id.</summary>
    public static string SiloOf(string id) => Halves(id).Silo;

    /// <summary>The device's name in an id.</summary>
    public static string DeviceOf(string id) => Halves(id).Device;

    private static (string Silo, string Device) Halves(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        var slash = id.LastIndexOf('/');
        return slash > 0 ? (id[..slash], id[(slash + 1)..]) : throw new ArgumentException($"'{id}' is not a device id; it must read silo/device.", nameof(id));
    }
}
