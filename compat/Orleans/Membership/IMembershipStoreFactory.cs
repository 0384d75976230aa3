namespace Orleans.Runtime.Membership;

/// <summary>Makes the store that the silo was configured with.</summary>
internal interface IMembershipStoreFactory
{
    IMembershipStore Create(MembershipState state, Func<SiloAddress, IMembershipTarget> target);
}

/// <inheritdoc cref="IMembershipStoreFactory"/>
internal sealed class MembershipStoreFactory(Func<MembershipState, Func<SiloAddress, IMembershipTarget>, IMembershipStore> create) : IMembershipStoreFactory
{
    public IMembershipStore Create(MembershipState state, Func<SiloAddress, IMembershipTarget> target) => create(state, target);
}
