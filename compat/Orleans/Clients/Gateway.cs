using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime.Membership;
using Orleans.Runtime.Networking;

namespace Orleans.Runtime.Messaging;

/// <summary>The door for clients: it makes their calls in their stead, and brings them the calls of their observers.</summary>
internal sealed partial class Gateway : IDisposable
{
    private readonly ConcurrentDictionary<string, GatewayClient> _clients = new();
    private readonly MembershipState _membership;
    private readonly ClusterOptions _cluster;
    private readonly CallTable _calls;
    private readonly Func<SiloAddress, IClientTarget> _target;
    private readonly ILogger _logger;
    private readonly Listener _listener;

    public Gateway(MembershipState membership, ClusterOptions cluster, FrameLimits limits, CallTable calls, Func<SiloAddress, IClientTarget> target, ILogger<Gateway> logger)
    {
        _membership = membership;
        _cluster = cluster;
        _calls = calls;
        _target = target;
        _logger = logger;
        _listener = new("EndpointOptions.GatewayPort", Answer, limits, logger) { Accepted = Accept };
        membership.Changed += OnMembershipChanged;
    }

    public MessageRouter? Router { get; set; }

    public SiloCalls? Calls { get; set; }

    public void Listen(IPEndPoint endpoint) => _listener.Start(endpoint);

    /// <summary>Passes a call on to a client; false if it is not connected here.</summary>
    public bool TrySend(string clientId, Message message)
    {
        if (!_clients.TryGetValue(clientId, out var client)) return false;
        client.Send(message);
        return true;
    }

    public void Close(bool abruptly)
    {
        _listener.Dispose();
        foreach (var client in _clients.Values) client.Connection.Abort(abruptly);
    }

    public void Dispose() => Close(abruptly: false);

    private Handshake.Hello Answer(Handshake.Hello peer)
    {
        var mine = new Handshake.Hello(
            Handshake.Role.Silo,
            _cluster.ClusterId,
            _cluster.ServiceId,
            _membership.LocalSilo,
            GrainClasses: [.. _membership.View.Active.SelectMany(entry => entry.GrainClasses).DistinctBy(entry => entry.GrainType)]);
        var refusal = Handshake.Mismatch(mine, peer);
        if (peer.Role != Handshake.Role.Client || peer.ClientId is null) refusal ??= "it is a silo, and this port is for clients; silos connect to the silo port (EndpointOptions.SiloPort)";
        return mine with { Refusal = refusal };
    }

    private void Accept(Connection connection)
    {
        var id = connection.Peer.ClientId!;
        var client = new GatewayClient(id, connection, _membership.LocalSilo, _calls, Calls!, Router!, _logger);
        _clients[id] = client;
        connection.Closed = _ =>
        {
            if (_clients.TryRemove(KeyValuePair.Create(id, client))) Announce();
            client.Disconnected();
            LogLeft(_logger, id);
        };
        LogCame(_logger, id);
        Announce();
        _ = connection.ReceiveAsync(client.Handle);
    }

    private void OnMembershipChanged(MembershipView before, MembershipView after)
    {
        if (!_clients.IsEmpty && !before.Active.Select(entry => entry.Silo).SequenceEqual(after.Active.Select(entry => entry.Silo))) Announce();
    }

    private void Announce()
    {
        string[] ids = [.. _clients.Keys];
        foreach (var entry in _membership.View.Active)
        {
            if (!entry.Silo.Equals(_membership.LocalSilo)) _ = AnnounceAsync(entry.Silo, ids);
        }
    }

    private async Task AnnounceAsync(SiloAddress silo, string[] ids)
    {
        try
        {
            await Task.Run(() => _target(silo).Announce(_membership.LocalSilo, ids));
        }
        catch (OrleansException exception)
        {
            // The next change is announced whole, and a silo that comes back is a change.
            LogAnnounceFailed(_logger, silo, exception.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Client {Client} connected.")]
    private static partial void LogCame(ILogger logger, string client);

    [LoggerMessage(2, LogLevel.Information, "Client {Client} disconnected.")]
    private static partial void LogLeft(ILogger logger, string client);

    [LoggerMessage(3, LogLevel.Debug, "Silo {Silo} could not be told about the clients here: {Why}")]
    private static partial void LogAnnounceFailed(ILogger logger, SiloAddress silo, string why);
}
