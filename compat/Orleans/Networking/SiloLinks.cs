using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime.Membership;
using Orleans.Runtime.Messaging;
using Orleans.Serialization.Wire;

namespace Orleans.Runtime.Networking;

/// <summary>
/// The connections between this silo and the others. Each silo sends on the connections that it opened and receives on those that
/// it accepted, so that no two silos have to agree on one.
/// </summary>
internal sealed partial class SiloLinks : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<SiloAddress, PeerLink> _links = new();
    private readonly ConcurrentDictionary<Connection, SiloAddress> _accepted = new();
    private readonly MembershipState _membership;
    private readonly ClusterOptions _cluster;
    private readonly FrameLimits _limits;
    private readonly ILogger _logger;
    private readonly Listener _listener;
    private readonly ConcurrentDictionary<SiloAddress, long> _heard = new();
    private volatile bool _closed;

    public SiloLinks(MembershipState membership, ClusterOptions cluster, FrameLimits limits, ILogger<SiloLinks> logger)
    {
        _membership = membership;
        _cluster = cluster;
        _limits = limits;
        _logger = logger;
        _listener = new("EndpointOptions.SiloPort", Answer, limits, logger) { Accepted = Accept };
        membership.Changed += (_, view) => CloseDead(view);
    }

    /// <summary>Reads a frame of another silo.</summary>
    public Action<SiloAddress, FrameBody>? Received { get; set; }

    /// <summary>Called when the connection to a silo broke, so that its calls do not wait for ever.</summary>
    public Action<SiloAddress>? Lost { get; set; }

    /// <summary>Called when a silo is certainly gone.</summary>
    public Action<SiloAddress, string>? Gone { get; set; }

    /// <summary>Called when another silo takes this one for dead.</summary>
    public Action? SelfDead { get; set; }

    private SiloAddress Local => _membership.LocalSilo;

    public void Listen(System.Net.IPEndPoint endpoint) => _listener.Start(endpoint);

    public PeerLink To(SiloAddress silo) => _links.GetOrAdd(silo, static (s, self) => new(s, self.ConnectAsync, self._limits), this);

    /// <summary>Whether anything came from a silo since a moment of <see cref="Environment.TickCount64"/>.</summary>
    public bool HeardSince(SiloAddress silo, long moment) => _heard.TryGetValue(silo, out var last) && last >= moment;

    public void CheckSize(FrameWriter frame, string what) => _limits.Check(frame, what);

    /// <summary>Ends all connections; abruptly, they look to the others as if the process had been killed.</summary>
    public void Close(bool abruptly)
    {
        _closed = true;
        _listener.Dispose();
        var reason = new ConnectionFailedException($"Silo {Local} has stopped.");
        foreach (var link in _links.Values) link.Close(reason, abruptly);
        foreach (var connection in _accepted.Keys) connection.Abort(abruptly);
    }

    public void Dispose() => Close(abruptly: false);

    private Handshake.Hello Hello(SiloAddress? expected) => new(Handshake.Role.Silo, _cluster.ClusterId, _cluster.ServiceId, Local, Expected: expected);

    private async Task<Connection> ConnectAsync(SiloAddress silo)
    {
        await Task.Yield();
        if (_closed) throw new ConnectionFailedException($"Silo {Local} has stopped.");
        try
        {
            var connection = await Connector.ConnectAsync(silo.Endpoint, Hello(silo), _limits, ConnectTimeout);
            connection.Closed = cause => Broke(silo, connection, cause);
            _ = connection.ReceiveAsync(frame => Received!(silo, frame));
            return connection;
        }
        catch (PeerGoneException exception)
        {
            Gone?.Invoke(silo, exception.Message);
            throw;
        }
        catch (DeclaredDeadException)
        {
            SelfDead?.Invoke();
            throw;
        }
    }

    /// <summary>Calls that went that way fail now; then a new connection shows whether the silo itself is gone.</summary>
    private void Broke(SiloAddress silo, Connection connection, Exception? cause)
    {
        var link = To(silo);
        link.Broke(connection);
        if (_closed || _membership.IsDeadSilo(silo)) return;
        Lost?.Invoke(silo);

        // Whoever was told that this silo leaves closes its connections, which is no news.
        if (_membership.IsDeadSilo(Local)) return;
        LogBroke(_logger, silo, cause?.Message ?? "The other side closed it.");
        _ = ReconnectAsync(link, silo);
    }

    private async Task ReconnectAsync(PeerLink link, SiloAddress silo)
    {
        try
        {
            await link.ConnectedAsync();
        }
        catch (ConnectionFailedException exception)
        {
            // If it is gone that has been reported; otherwise the failure detector goes on trying.
            LogReconnectFailed(_logger, silo, exception.Message);
        }
    }

    private Handshake.Hello Answer(Handshake.Hello peer)
    {
        var mine = Hello(null);
        return mine with { Refusal = Refusal(mine, peer), PeerIsDead = peer.Silo is { } silo && _membership.IsDeadSilo(silo) };
    }

    private string? Refusal(Handshake.Hello mine, Handshake.Hello peer)
    {
        if (Handshake.Mismatch(mine, peer) is { } mismatch) return mismatch;
        if (peer.Role != Handshake.Role.Silo || peer.Silo is null) return "it is a client, and this port is for silos; clients connect to the gateway port (EndpointOptions.GatewayPort)";
        if (_membership.IsDeadSilo(peer.Silo)) return $"{peer.Silo} was declared dead";
        return null;
    }

    private void Accept(Connection connection)
    {
        var silo = connection.Peer.Silo!;
        _accepted[connection] = silo;
        connection.Closed = cause =>
        {
            _accepted.TryRemove(connection, out _);

            // Answers come this way: those that were on it are lost, and whoever waits for one must not wait until his call times out.
            if (!_closed) Lost?.Invoke(silo);
            if (!_closed && cause is not null && !_membership.IsDeadSilo(silo) && !_membership.IsDeadSilo(Local)) LogBroke(_logger, silo, cause.Message);
        };
        if (_closed) connection.Abort(abruptly: false);
        else _ = connection.ReceiveAsync(frame => Hear(silo, frame));
    }

    private void Hear(SiloAddress silo, FrameBody frame)
    {
        _heard[silo] = Environment.TickCount64;
        Received!(silo, frame);
    }

    /// <summary>A dead silo that still runs must notice: it loses its connections and gets no new ones.</summary>
    private void CloseDead(MembershipView view)
    {
        foreach (var silo in _links.Keys.Where(silo => silo.Generation != 0 && view.StatusOf(silo) == SiloStatus.Dead))
        {
            if (!_links.TryRemove(silo, out var link)) continue;
            link.Close(new PeerGoneException($"{silo} is dead."), abruptly: false);
            _heard.TryRemove(silo, out _);
        }

        foreach (var (connection, silo) in _accepted)
        {
            if (view.StatusOf(silo) == SiloStatus.Dead) connection.Abort(abruptly: false);
        }
    }
}
