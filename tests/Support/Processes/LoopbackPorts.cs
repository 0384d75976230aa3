using System.Net;
using System.Net.Sockets;

namespace VaeCluster.Tests.Support.Processes;

/// <summary>Ports that nobody listens on.</summary>
internal static class LoopbackPorts
{
    /// <summary>All different: each is held until all are chosen.</summary>
    public static IReadOnlyList<int> Free(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.ConvertAll(listener => ((IPEndPoint)listener.LocalEndpoint).Port);
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }
}
