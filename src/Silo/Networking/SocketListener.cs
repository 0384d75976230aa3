using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace VaeCluster.Silo.Networking;

/// <summary>Accepts connections on a bound socket until it is unbound.</summary>
internal sealed class SocketListener(Socket socket, Action<Socket> prepare) : IConnectionListener
{
    private readonly CancellationTokenSource _unbound = new();

    public EndPoint EndPoint { get; } = socket.LocalEndPoint!;

    /// <summary>The next connection; null when the listener was unbound.</summary>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _unbound.Token);
        while (true)
        {
            Socket? accepted = null;
            try
            {
                accepted = await socket.AcceptAsync(ended.Token);
                prepare(accepted);
                return SocketConnection.Start(accepted);
            }
            catch (Exception e) when (_unbound.IsCancellationRequested && e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return null;
            }
            catch (SocketException)
            {
                // The other side was gone before it was accepted; the next one may not be.
                accepted?.Dispose();
            }
        }
    }

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        await _unbound.CancelAsync();
        socket.Dispose();
    }

    public async ValueTask DisposeAsync() => await UnbindAsync(CancellationToken.None);
}
