using Orleans.Runtime.Membership;
using Orleans.Runtime.References;

namespace Orleans.Runtime.Directory;

/// <summary>An activation, and when it came to be: of two of one grain the earlier stays.</summary>
[GenerateSerializer, Immutable]
internal sealed record Registration(GrainAddress Address, DateTime CreatedUtc)
{
    public bool Outranks(Registration other) => (CreatedUtc, Address.ActivationId.Key).CompareTo((other.CreatedUtc, other.Address.ActivationId.Key)) < 0;
}

/// <summary>The answer of a part of the directory.</summary>
/// <param name="Found">The activation, if there is one.</param>
/// <param name="View">Set if the silo does not own the grain: what it knows of the cluster, for the asker to catch up with.</param>
[GenerateSerializer, Immutable]
internal sealed record DirectoryReply(Registration? Found, MembershipView? View = null);

/// <summary>What silos ask each other about where grains are.</summary>
internal interface IDirectoryTarget : ISystemTarget
{
    Task<DirectoryReply> Lookup(GrainId grainId, MembershipView view);

    /// <summary>Registers, unless another activation is there, and gives the one that is there now.</summary>
    Task<DirectoryReply> Register(Registration registration, MembershipView view);

    Task Unregister(GrainAddress address);

    /// <summary>The activations on this silo that the asker owns the entries of, by a view that this silo merges first.</summary>
    Task<Registration[]> Activations(SiloAddress owner, MembershipView view);

    /// <summary>Ends an activation that another one of the same grain outranks.</summary>
    Task DropDuplicate(GrainAddress address);
}
