namespace Orleans.Runtime.Membership;

/// <summary>Where silos find each other: it remembers what it is told, and tells all that it knows.</summary>
internal interface IMembershipStore
{
    /// <summary>Merges a view into the stored one, and gives the outcome.</summary>
    Task<MembershipView> ExchangeAsync(MembershipView mine, CancellationToken cancellationToken);
}
