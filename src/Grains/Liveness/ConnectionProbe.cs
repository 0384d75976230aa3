using System.Net;
using System.Net.Sockets;

namespace VaeCluster.Grains.Liveness;

/// <summary>Finds out whether anybody listens at an address.</summary>
internal static class ConnectionProbe
{
    /// <summary>Whether the machine answers that nobody listens there. False when somebody does, and when nothing answers.</summary>
    public static async Task<bool> IsRefusedAsync(IPEndPoint address, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var client = new TcpClient(address.AddressFamily);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            await client.ConnectAsync(address, limit.Token);
            return false;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.ConnectionRefused;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
