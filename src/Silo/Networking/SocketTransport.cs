using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Orleans.Networking.Shared;

namespace VaeCluster.Silo.Networking;

/// <summary>Opens and accepts TCP connections between silos, with the keep-alive that Orleans' options ask for.</summary>
internal sealed class SocketTransport(IOptions<SocketConnectionOptions> options) : IConnectionFactory, IConnectionListenerFactory
{
    private readonly SocketConnectionOptions _options = options.Value;

    /// <summary>Connects to a silo.</summary>
    /// <exception cref="SocketConnectionException">It cannot be reached.</exception>
    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            Prepare(socket);
            await socket.ConnectAsync(endpoint, cancellationToken);
        }
        catch (Exception e)
        {
            socket.Dispose();
            if (e is SocketException refused)
                throw new SocketConnectionException($"No connection to {endpoint}: {refused.Message}", refused);
            throw;
        }
        return SocketConnection.Start(socket);
    }

    /// <summary>Listens for silos.</summary>
    /// <exception cref="AddressInUseException">Another program listens there.</exception>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // Without ReuseAddress: on Linux .NET makes SO_REUSEPORT of it too, and two silos would share a port. What an earlier silo left is no obstacle.
            if (endpoint is IPEndPoint { Address: { } address } && address.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;
            socket.Bind(endpoint);
            socket.Listen();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            throw new AddressInUseException($"{endpoint} is in use by another program.", e);
        }
        return ValueTask.FromResult<IConnectionListener>(new SocketListener(socket, Prepare));
    }

    private void Prepare(Socket socket)
    {
        socket.NoDelay = _options.NoDelay;
        // What a closed connection has not sent is of no use to anybody: calls are repeated on another one.
        socket.LingerState = new LingerOption(true, 0);
        if (!_options.KeepAlive)
            return;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, _options.KeepAliveTimeSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, _options.KeepAliveIntervalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, _options.KeepAliveRetryCount);
    }
}
