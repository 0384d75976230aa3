using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace VaeCluster.Tests.OrleansCompat.Grains;

public sealed class BySiloName : PlacementStrategy;

/// <summary>Places a grain on the silo that the part of its key before the slash names.</summary>
public sealed class BySiloNameDirector(IClusterMembershipService membership) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var name = target.GrainIdentity.Key.ToString().Split('/')[0];
        var members = membership.CurrentSnapshot.Members;
        return Task.FromResult(context.GetCompatibleSilos(target).FirstOrDefault(silo => members[silo].Name == name)
            ?? throw new InvalidOperationException($"No silo is called '{name}'."));
    }
}

[AttributeUsage(AttributeTargets.Class)]
public sealed class BySiloNamePlacementAttribute() : PlacementAttribute(new BySiloName());

public interface IPlacedGrain : IGrainWithStringKey
{
    Task<string> Where();
}

[BySiloNamePlacement]
public sealed class PlacedGrain(ILocalSiloDetails silo) : Grain, IPlacedGrain
{
    public Task<string> Where() => Task.FromResult(silo.Name);
}

public interface INearGrain : IGrainWithStringKey
{
    Task<string> Where();
}

[PreferLocalPlacement]
public sealed class NearGrain(ILocalSiloDetails silo) : Grain, INearGrain
{
    public Task<string> Where() => Task.FromResult(silo.Name);
}
