using Orleans.Runtime.Membership;

namespace Orleans.Runtime.Directory;

/// <summary>Knows where grains are active, by asking the silo that owns a grain's entry.</summary>
internal sealed class GrainDirectory(DirectoryPartition partition, MembershipState membership, Func<SiloAddress, IDirectoryTarget> target)
{
    private const int AttemptsMax = 40;
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromMilliseconds(50);

    public Task<Registration?> LookupAsync(GrainId grainId) =>
        AskAsync(grainId, () => partition.Find(grainId), owner => owner.Lookup(grainId, membership.View));

    public async Task<Registration> RegisterAsync(Registration registration) => (await AskAsync(
        registration.Address.GrainId,
        () => partition.Register(registration),
        owner => owner.Register(registration, membership.View)))!;

    public async Task UnregisterAsync(GrainAddress address)
    {
        var owner = partition.Ring.OwnerOf(address.GrainId);
        if (owner is null) return;
        if (owner.Equals(membership.LocalSilo)) partition.Unregister(address);
        else await target(owner).Unregister(address);
    }

    /// <summary>Asks the owner; where the two disagree on who that is, they exchange what they know and the question is asked again.</summary>
    private async Task<Registration?> AskAsync(GrainId grainId, Func<Registration?> local, Func<IDirectoryTarget, Task<DirectoryReply>> remote)
    {
        for (var attempt = 1; ; attempt++)
        {
            var owner = partition.Ring.OwnerOf(grainId);
            if (owner is not null && owner.Equals(membership.LocalSilo))
            {
                await partition.Recovered;
                return local();
            }

            try
            {
                if (owner is not null && await remote(target(owner)) is var reply)
                {
                    if (reply.View is null) return reply.Found;
                    membership.Merge(reply.View);
                }
            }
            catch (OrleansException) when (attempt < AttemptsMax)
            {
                // The owner is dying. Once it is declared dead another silo owns the entry.
            }

            if (attempt >= AttemptsMax) throw new OrleansException($"The directory cannot tell where {grainId} is: {(owner is null ? "no silo is active" : $"{owner} does not answer")}.");
            await Task.Delay(RetryPeriod);
        }
    }
}
