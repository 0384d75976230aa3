using System.Net;
using Orleans.Runtime.Metadata;

namespace Orleans.Runtime.Membership;

/// <summary>One silo in the membership table. All but the status stays as it was when the silo joined.</summary>
[GenerateSerializer, Immutable]
internal sealed record MemberEntry(
    SiloAddress Silo, string Name, SiloStatus Status, int GatewayPort, DateTime StartedUtc, GrainClassEntry[] GrainClasses)
{
    public IPEndPoint? Gateway => GatewayPort == 0 ? null : new(Silo.Endpoint.Address, GatewayPort);

    public bool Has(string grainType) => Array.Exists(GrainClasses, entry => entry.GrainType == grainType);
}
