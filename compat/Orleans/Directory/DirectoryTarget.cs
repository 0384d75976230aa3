using Orleans.Runtime.Catalog;
using Orleans.Runtime.Membership;

namespace Orleans.Runtime.Directory;

/// <inheritdoc cref="IDirectoryTarget"/>
internal sealed class DirectoryTarget(DirectoryPartition partition, MembershipState membership, GrainCatalog catalog) : IDirectoryTarget
{
    public Task<DirectoryReply> Lookup(GrainId grainId, MembershipView view) => AnswerAsync(grainId, view, () => partition.Find(grainId));

    public Task<DirectoryReply> Register(Registration registration, MembershipView view) =>
        AnswerAsync(registration.Address.GrainId, view, () => partition.Register(registration));

    public Task Unregister(GrainAddress address)
    {
        partition.Unregister(address);
        return Task.CompletedTask;
    }

    public Task<Registration[]> Activations(SiloAddress owner, MembershipView view)
    {
        membership.Merge(view);
        return Task.FromResult(catalog.Registrations.Where(registration => owner.Equals(partition.Ring.OwnerOf(registration.Address.GrainId))).ToArray());
    }

    public Task DropDuplicate(GrainAddress address)
    {
        catalog.Deactivate(address, new(DeactivationReasonCode.DuplicateActivation, "Another activation of this grain is registered in the directory"));
        return Task.CompletedTask;
    }

    private async Task<DirectoryReply> AnswerAsync(GrainId grainId, MembershipView view, Func<Registration?> answer)
    {
        membership.Merge(view);
        if (!membership.LocalSilo.Equals(partition.Ring.OwnerOf(grainId))) return new(null, membership.View);
        await partition.Recovered;
        return new(answer());
    }
}
