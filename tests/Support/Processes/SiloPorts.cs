namespace VaeCluster.Tests.Support.Processes;

/// <summary>The ports of a silo on loopback.</summary>
internal sealed record SiloPorts(int Grpc, int Http, int Silo, int Gateway)
{
    /// <summary>Ports that nobody listens on.</summary>
    public static SiloPorts FindFree()
    {
        var free = LoopbackPorts.Free(4);
        return new(free[0], free[1], free[2], free[3]);
    }
}
