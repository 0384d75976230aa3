using VaeCluster.Tests.OrleansCompat.Grains;
using VaeCluster.Tests.OrleansCompat.Support;

namespace VaeCluster.Tests.OrleansCompat;

public sealed class ActivationTests
{
    [Fact]
    public async Task Call_OnOneSilo_ReturnsItsResult()
    {
        await using var cluster = await TestCluster.StartAsync();
        var grain = cluster.Grains.GetGrain<ICounterGrain>("a");

        await grain.Increment(2);
        var result = await grain.Increment(3);

        Assert.Equal(5, result);
        Assert.Equal(5, await grain.Get());
        Assert.Equal("a", grain.GetPrimaryKeyString());
        Assert.Equal("counter/a", grain.GetGrainId().ToString());
    }

    [Fact]
    public async Task FirstCalls_FromThreeSilosAtOnce_ActivateOnce()
    {
        await using var cluster = await TestCluster.StartAsync(3);

        for (var round = 0; round < 20; round++)
        {
            var key = $"once-{round}";
            var calls = cluster.Silos.SelectMany(silo => Enumerable.Range(0, 4).Select(_ => silo.Grains.GetGrain<ICounterGrain>(key)));
            var activations = await Task.WhenAll(calls.Select(grain => grain.Activation())).InTimeAsync("the answers of all silos");

            Assert.Single(activations.Distinct());
        }

        var places = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => cluster.Grains.GetGrain<ICounterGrain>($"place-{i}").Where()));
        Assert.Equal(3, places.Distinct().Count());
    }

    [Fact]
    public async Task Calls_OfOneGrain_RunOneAfterAnother()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        var grains = cluster.Silos.Select(silo => silo.Grains.GetGrain<ICounterGrain>("slow")).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => grains[i % 2].SlowIncrement(5))).InTimeAsync("twenty increments");

        Assert.Equal(20, await grains[0].Get());
    }

    [Fact]
    public async Task Deactivate_ThenCall_ActivatesAnew()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        var grain = cluster.Grains.GetGrain<ICounterGrain>("again");
        await grain.Increment(7);
        var before = await grain.Activation();

        await grain.Deactivate();

        Assert.NotEqual(before, await grain.Activation());
        Assert.Equal(0, await grain.Get());
    }

    [Fact]
    public async Task State_Written_IsThereAfterDeactivation()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        var grain = cluster.Grains.GetGrain<INotebookGrain>(42);
        Assert.False(await grain.Exists());

        await grain.Write("hello");
        await grain.Deactivate();

        Assert.Equal("hello", await grain.Read());
        Assert.True(await grain.Exists());
        await grain.Clear();
        Assert.Equal("", await grain.Read());
        Assert.False(await grain.Exists());
    }
}
