using System.Collections.Concurrent;
using Orleans.Runtime.Membership;
using Orleans.Runtime.Placement;

namespace Orleans.Runtime.Directory;

/// <summary>Finds the silo to send a call to: where the grain was last, where it is active, or where it shall be.</summary>
internal sealed class GrainLocator
{
    /// <summary>The cache starts over when it is full: it is only ever a guess.</summary>
    private const int CacheMax = 100_000;

    private readonly ConcurrentDictionary<GrainId, SiloAddress> _cache = new();
    private readonly GrainDirectory _directory;
    private readonly PlacementService _placement;
    private readonly MembershipState _membership;

    public GrainLocator(GrainDirectory directory, PlacementService placement, MembershipState membership)
    {
        _directory = directory;
        _placement = placement;
        _membership = membership;
        membership.Changed += (_, view) => ForgetUnless(silo => view.StatusOf(silo) == SiloStatus.Active);
    }

    public bool TryGetCached(GrainId grainId, out SiloAddress silo) => _cache.TryGetValue(grainId, out silo!);

    public async Task<SiloAddress> LocateAsync(GrainId grainId)
    {
        var found = await _directory.LookupAsync(grainId);
        var silo = found?.Address.SiloAddress;
        if (silo is null || _membership.IsDeadSilo(silo)) silo = await _placement.PlaceAsync(grainId);
        Remember(grainId, silo);
        return silo;
    }

    public void Remember(GrainId grainId, SiloAddress silo)
    {
        if (_cache.Count >= CacheMax) _cache.Clear();
        _cache[grainId] = silo;
    }

    public void Forget(GrainId grainId) => _cache.TryRemove(grainId, out _);

    private void ForgetUnless(Func<SiloAddress, bool> isUsable)
    {
        foreach (var (grainId, silo) in _cache)
        {
            if (!isUsable(silo)) _cache.TryRemove(grainId, out _);
        }
    }
}
