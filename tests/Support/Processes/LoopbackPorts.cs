using System.Net;
using System.Net.Sockets;

namespace VaeCluster.Tests.Support.Processes;

/// <summary>
/// Ports that nobody listens on. A silo that is killed comes back to its port, so they lie below those that the system gives to connections: one of them may
/// have been taken for a connection meanwhile.
/// </summary>
internal static class LoopbackPorts
{
    private const int First = 20_000;

    /// <summary>Where Linux' range for connections begins by default is 32,768.</summary>
    private const int Count = 12_000;

    /// <summary>All different: each is held until all are chosen.</summary>
    public static IReadOnlyList<int> Free(int count)
    {
        var listeners = new List<TcpListener>();
        while (listeners.Count < count)
        {
            var listener = new TcpListener(IPAddress.Loopback, First + Random.Shared.Next(Count));
            try
            {
                listener.Start();
                listeners.Add(listener);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                listener.Dispose();
            }
        }
        var ports = listeners.ConvertAll(listener => ((IPEndPoint)listener.LocalEndpoint).Port);
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }
}
