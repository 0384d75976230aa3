using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace VaeCluster.Grains.Devices;

/// <summary>Places a grain on the silo that its key names: <c>silo/device</c>.</summary>
[Serializable]
public sealed class SiloNamePlacement : PlacementStrategy;

/// <summary>Asks for <see cref="SiloNamePlacement"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SiloNamePlacementAttribute : PlacementAttribute
{
    /// <summary>Asks for it.</summary>
    public SiloNamePlacementAttribute()
        : base(new SiloNamePlacement())
    {
    }
}

/// <summary>Finds the silo that a grain's key names.</summary>
internal sealed class SiloNamePlacementDirector : IPlacementDirector
{
    private readonly IClusterMembershipService _membership;

    public SiloNamePlacementDirector(IClusterMembershipService membership) => _membership = membership;

    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var key = target.GrainIdentity.Key.ToString()!;
        var name = DeviceId.SiloOf(key);
        // Two processes of one name follow each other when a silo restarts, and the first may count as active until its probes fail: the newest is meant.
        // A silo that stops is still its grains' place: Orleans asks for another when it deactivates them, and there is none.
        var member = _membership.CurrentSnapshot.Members.Values
            .Where(member => member.Name == name && member.Status is (SiloStatus.Active or SiloStatus.ShuttingDown or SiloStatus.Stopping))
            .MaxBy(member => member.SiloAddress.Generation)
            ?? throw new SiloUnavailableException($"The grain {key} belongs on silo {name}, which is not in the cluster.");
        return Task.FromResult(member.SiloAddress);
    }
}
