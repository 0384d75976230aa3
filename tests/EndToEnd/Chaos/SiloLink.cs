using System.Net;
using System.Net.Sockets;

namespace VaeCluster.EndToEnd.Chaos;

/// <summary>The network in front of a silo: passes on what comes to an address, and can be cut.</summary>
internal sealed class SiloLink : IAsyncDisposable
{
    private readonly IPEndPoint _silo;
    private readonly TcpListener _listener;
    private readonly Lock _lock = new();
    private readonly HashSet<TcpClient> _connections = [];
    private readonly Task _accepting;
    private bool _isDown;

    /// <param name="address">Where others call.</param>
    /// <param name="port">The port at that address, and that of the silo at 127.0.0.1.</param>
    public SiloLink(IPAddress address, int port)
    {
        _silo = new IPEndPoint(IPAddress.Loopback, port);
        _listener = new TcpListener(address, port);
        _listener.Start();
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Breaks every connection to the silo; new ones may be made at once.</summary>
    public void Cut()
    {
        lock (_lock)
        {
            foreach (var connection in _connections)
                connection.Dispose();
            _connections.Clear();
        }
    }

    /// <summary>Breaks every connection, and every new one too.</summary>
    public void GoDown()
    {
        lock (_lock)
            _isDown = true;
        Cut();
    }

    /// <summary>Lets connections through again.</summary>
    public void ComeUp()
    {
        lock (_lock)
            _isDown = false;
    }

    /// <summary>Does nothing the second time.</summary>
    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        Cut();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var caller = await _listener.AcceptTcpClientAsync();
            _ = PassOnAsync(caller);
        }
    }

    private async Task PassOnAsync(TcpClient caller)
    {
        using var silo = new TcpClient();
        try
        {
            await silo.ConnectAsync(_silo);
            lock (_lock)
            {
                _connections.Add(caller);
                _connections.Add(silo);
            }
            if (!IsDown())
                await Task.WhenAny(caller.GetStream().CopyToAsync(silo.GetStream()), silo.GetStream().CopyToAsync(caller.GetStream()));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // One side is gone, or this was cut: then the other goes, too.
        }
        finally
        {
            caller.Dispose();
            lock (_lock)
            {
                _connections.Remove(caller);
                _connections.Remove(silo);
            }
        }
    }

    private bool IsDown()
    {
        lock (_lock)
            return _isDown;
    }
}
