using System.Net;

namespace Orleans.Runtime.Membership;

/// <summary>
/// The primary silo as the place to find each other. It has no duty beyond that: every silo knows the whole table, so the others go
/// on without it, and tell it all when it is back.
/// </summary>
internal sealed class PrimarySiloStore(IPEndPoint primary, MembershipState state, Func<SiloAddress, IMembershipTarget> target) : IMembershipStore
{
    /// <summary>Whether a silo is known to live on the primary's endpoint.</summary>
    public bool IsKnown => Known is not null;

    private MemberEntry? Known => state.View.Entries.LastOrDefault(entry => entry.Silo.Endpoint.Equals(primary) && entry.Status != SiloStatus.Dead);

    public async Task<MembershipView> ExchangeAsync(MembershipView mine, CancellationToken cancellationToken)
    {
        if (state.LocalSilo.Endpoint.Equals(primary)) return mine;

        // The generation of whoever is there now is not known beforehand.
        var address = Known?.Silo ?? SiloAddress.New(primary, 0);
        return await target(address).Exchange(mine).WaitAsync(cancellationToken);
    }
}
