using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime.Membership;
using Orleans.Runtime.Metadata;

namespace Orleans.Runtime.Placement;

/// <summary>Asks the director of a grain's class where it goes.</summary>
internal sealed class PlacementService(MembershipState membership, GrainClassMap classes, IServiceProvider services) : IPlacementContext
{
    public SiloAddress LocalSilo => membership.LocalSilo;

    public SiloStatus LocalSiloStatus => membership.View.StatusOf(LocalSilo);

    public async Task<SiloAddress> PlaceAsync(GrainId grainId)
    {
        // A silo that lacks the class leaves the choice to chance among those that have it.
        var strategy = classes.Find(grainId.Type)?.Placement ?? RandomPlacement.Singleton;
        var director = services.GetKeyedService<IPlacementDirector>(strategy.GetType()) ?? throw new OrleansConfigurationException(
            $"Grain class of type '{grainId.Type}' uses {strategy.GetType()}, which has no director here; register one with AddPlacementDirector<{strategy.GetType().Name}, ...>().");
        var silo = await director.OnAddActivation(strategy, new(grainId, null, default, 0), this);
        return silo ?? throw new OrleansException($"{director.GetType()} named no silo for {grainId}.");
    }

    public SiloAddress[] GetCompatibleSilos(PlacementTarget target)
    {
        var type = target.GrainIdentity.Type.ToString();
        SiloAddress[] silos = [.. membership.View.Active.Where(entry => entry.Has(type)).Select(entry => entry.Silo)];
        return silos.Length > 0 ? silos : throw new OrleansException(
            $"No active silo can activate {target.GrainIdentity}: none of the {membership.View.Active.Length} active silos has a grain class of type '{type}'.");
    }
}
