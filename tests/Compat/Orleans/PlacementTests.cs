using VaeCluster.Tests.OrleansCompat.Grains;
using VaeCluster.Tests.OrleansCompat.Support;

namespace VaeCluster.Tests.OrleansCompat;

public sealed class PlacementTests
{
    [Fact]
    public async Task Director_BySiloName_PlacesThereWhoeverCalls()
    {
        await using var cluster = await TestCluster.StartAsync(3, silo => silo.AddPlacementDirector<BySiloName, BySiloNameDirector>());

        foreach (var caller in cluster.Silos)
        {
            foreach (var place in cluster.Silos)
            {
                var grain = caller.Grains.GetGrain<IPlacedGrain>($"{place.Name}/from-{caller.Name}");
                Assert.Equal(place.Name, await grain.Where());
            }
        }

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.Grains.GetGrain<IPlacedGrain>("nowhere/0").Where());
        Assert.Equal("No silo is called 'nowhere'.", exception.Message);
    }

    [Fact]
    public async Task Strategy_WithoutDirector_IsRefusedWithTheFix()
    {
        await using var cluster = await TestCluster.StartAsync();

        var exception = await Assert.ThrowsAsync<OrleansConfigurationException>(() => cluster.Grains.GetGrain<IPlacedGrain>("silo-0/0").Where());

        Assert.Equal(
            $"Grain class of type 'placed' uses {typeof(BySiloName)}, which has no director here; register one with AddPlacementDirector<BySiloName, ...>().",
            exception.Message);
    }

    [Fact]
    public async Task PreferLocal_PlacesWhereTheCallComesFrom()
    {
        await using var cluster = await TestCluster.StartAsync(3);

        foreach (var caller in cluster.Silos)
        {
            for (var i = 0; i < 5; i++) Assert.Equal(caller.Name, await caller.Grains.GetGrain<INearGrain>($"{caller.Name}-{i}").Where());
        }
    }
}
