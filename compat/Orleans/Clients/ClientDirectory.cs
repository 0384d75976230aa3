using System.Collections.Concurrent;
using Orleans.Runtime.Membership;
using Orleans.Runtime.References;

namespace Orleans.Runtime.Messaging;

/// <summary>Tells other silos which clients are connected here.</summary>
internal interface IClientTarget : ISystemTarget
{
    Task Announce(SiloAddress silo, string[] clients);
}

/// <summary>Knows which silo each client is connected to, so that grains anywhere can call its observers.</summary>
internal sealed class ClientDirectory(MembershipState membership) : IClientTarget
{
    private readonly ConcurrentDictionary<SiloAddress, string[]> _clients = new();

    public Task Announce(SiloAddress silo, string[] clients)
    {
        _clients[silo] = clients;
        return Task.CompletedTask;
    }

    public SiloAddress? Find(string clientId) =>
        _clients.FirstOrDefault(pair => !membership.IsDeadSilo(pair.Key) && pair.Value.Contains(clientId)).Key;
}
