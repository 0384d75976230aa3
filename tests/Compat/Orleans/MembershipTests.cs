using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VaeCluster.Tests.OrleansCompat.Grains;
using VaeCluster.Tests.OrleansCompat.Support;

namespace VaeCluster.Tests.OrleansCompat;

public sealed class MembershipTests
{
    [Fact]
    public async Task Silos_KnowEachOtherByNameAndStatus()
    {
        await using var cluster = await TestCluster.StartAsync(3);

        foreach (var silo in cluster.Silos)
        {
            var members = silo.Membership.CurrentSnapshot.Members;
            Assert.Equal(["silo-0", "silo-1", "silo-2"], members.Values.Select(member => member.Name).Order());
            Assert.All(members.Values, member => Assert.Equal(SiloStatus.Active, member.Status));
        }
    }

    [Fact]
    public async Task Stop_OfOne_IsKnownAtOnceAndItsGrainsMove()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        var grains = await CountersAsync(cluster, 30);

        await cluster[2].StopAsync();

        Assert.All(cluster.Silos.Take(2), silo => Assert.Equal(SiloStatus.Dead, silo.Membership.CurrentSnapshot.GetSiloStatus(cluster[2].Address)));
        await Task.WhenAll(grains.Select(grain => grain.Increment(1))).InTimeAsync("all grains on the other silos");
        Assert.True(cluster[2].Log.Has(LogLevel.Information, "has stopped"));
    }

    [Fact]
    public async Task Kill_OfOne_FailsCallsInFlightAndMovesItsGrains()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        var grains = await CountersAsync(cluster, 30);
        var (gate, name) = await GateOnAsync(cluster, cluster[2]);
        var inFlight = gate.Pass(name);
        await Gates.Get(name + "-in").Task.InTimeAsync("the call to start");

        cluster[2].Kill();

        var exception = await Assert.ThrowsAsync<SiloUnavailableException>(() => inFlight.InTimeAsync("the call in flight to fail"));
        Assert.StartsWith($"{typeof(IGateGrain).FullName}.Pass of {gate.GetGrainId()} was sent to {cluster[2].Address}. ", exception.Message);
        await cluster.WaitForActiveAsync(2);
        await Task.WhenAll(grains.Select(grain => grain.Increment(1))).InTimeAsync("all grains on the other silos");
        Gates.Get(name).SetResult();
    }

    [Fact]
    public async Task Kill_OfDirectoryOwners_LeavesOneActivationEach()
    {
        await using var cluster = await TestCluster.StartAsync(4);
        var grains = await CountersAsync(cluster, 60);
        var before = await Task.WhenAll(grains.Select(async grain => (grain.GetPrimaryKeyString(), await grain.Activation(), await grain.Where())));
        var lost = cluster[3].Address.ToString();

        cluster[3].Kill();
        var after = cluster.Silos.Take(3).SelectMany(silo => before.Select(async known =>
        {
            var activation = await CallAsync(() => silo.Grains.GetGrain<ICounterGrain>(known.Item1).Activation());
            return (known.Item1, activation);
        }));
        var seen = (await Task.WhenAll(after).InTimeAsync("calls from all silos")).ToLookup(pair => pair.Item1, pair => pair.activation);

        foreach (var (key, activation, where) in before)
        {
            Assert.Single(seen[key].Distinct());
            if (where != lost) Assert.Equal(activation, seen[key].First());
        }
    }

    [Fact]
    public async Task Join_OfAnother_KeepsActivationsWhereTheyAre()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        var grains = await CountersAsync(cluster, 60);
        var before = await Task.WhenAll(grains.Select(grain => grain.Activation()));

        var joined = await cluster.AddAsync();
        await cluster.WaitForActiveAsync(3);
        var after = await Task.WhenAll(grains.Select(grain => joined.Grains.GetGrain<ICounterGrain>(grain.GetPrimaryKeyString()).Activation()));

        Assert.Equal(before, after);
    }

    [Fact]
    public async Task Restart_OnTheSameEndpoint_IsAnotherSilo()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        var old = cluster[1].Address;
        await CountersAsync(cluster, 20);

        cluster[1].Kill();
        var restarted = await cluster.AddAsync(old.Endpoint);
        await cluster.WaitForActiveAsync(2);

        Assert.True(old.IsPredecessorOf(restarted.Address));
        Assert.Equal(SiloStatus.Dead, cluster[0].Membership.CurrentSnapshot.GetSiloStatus(old));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => CallAsync(() => cluster.Grains.GetGrain<ICounterGrain>($"counter-{i}").Increment(1)))).InTimeAsync("all grains");
    }

    [Fact]
    public async Task Primary_LostAndRestarted_IsJoinedAgain()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        var primary = cluster[0].Address;

        cluster[0].Kill();
        await cluster.WaitForActiveAsync(2);
        await CallAsync(() => cluster[1].Grains.GetGrain<ICounterGrain>("without-primary").Increment(1));
        var restarted = await cluster.AddAsync(primary.Endpoint);

        await cluster.WaitForActiveAsync(3);
        var later = await cluster.AddAsync();
        await cluster.WaitForActiveAsync(4);
        Assert.Equal(4, later.ActiveCount);
        Assert.Equal(await Activation(cluster[1]), await Activation(restarted));

        static Task<Guid> Activation(TestSilo silo) => silo.Grains.GetGrain<ICounterGrain>("after").Activation();
    }

    [Fact]
    public async Task DeclaredDead_StopsItself()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        var victim = cluster[1];
        var grain = victim.Grains.GetGrain<IIdleGrain>(Random.Shared.NextInt64(), typeof(IdleGrain).FullName);
        while (victim.Silo.Catalog.Find(grain.GetGrainId()) is null)
        {
            grain = victim.Grains.GetGrain<IIdleGrain>(Random.Shared.NextInt64(), typeof(IdleGrain).FullName);
            await grain.Touch();
        }

        cluster[0].Silo.Membership.Merge(cluster[0].Silo.Membership.View.With(victim.Address, SiloStatus.Dead));

        var stopping = new TaskCompletionSource();
        victim.Lifetime.ApplicationStopping.Register(stopping.SetResult);
        await stopping.Task.InTimeAsync("the silo to stop itself");
        Assert.True(victim.Log.Has(LogLevel.Critical, $"Silo {victim.Address} was declared dead by the others"));
        await victim.StopAsync();
        Assert.False(IdleGrain.Ended.ContainsKey(grain.GetGrainId()), "A grain of a dead silo may be active elsewhere and must not end here in good order.");
    }

    [Fact]
    public async Task MembershipUpdates_GiveTheCurrentStateAndLaterOnes()
    {
        await using var cluster = await TestCluster.StartAsync();
        await using var updates = cluster[0].Membership.MembershipUpdates.GetAsyncEnumerator();
        Assert.True(await updates.MoveNextAsync());
        Assert.Single(updates.Current.Members);

        var joined = await cluster.AddAsync();
        while (!updates.Current.Members.ContainsKey(joined.Address))
        {
            Assert.True(await updates.MoveNextAsync().AsTask().InTimeAsync("an update with the new silo"));
        }

        Assert.Equal("silo-1", updates.Current.Members[joined.Address].Name);
        var oracle = cluster[0].Services.GetRequiredService<ISiloStatusOracle>();
        Assert.True(oracle.TryGetSiloName(joined.Address, out var name));
        Assert.Equal("silo-1", name);
    }

    private static async Task<ICounterGrain[]> CountersAsync(TestCluster cluster, int count)
    {
        var grains = Enumerable.Range(0, count).Select(i => cluster.Grains.GetGrain<ICounterGrain>($"counter-{i}")).ToArray();
        await Task.WhenAll(grains.Select(grain => grain.Increment(1))).InTimeAsync("all counters");
        return grains;
    }

    private static async Task<(IGateGrain Grain, string Name)> GateOnAsync(TestCluster cluster, TestSilo silo)
    {
        while (true)
        {
            var name = Guid.NewGuid().ToString("N");
            var grain = cluster.Grains.GetGrain<IGateGrain>(name, typeof(GateGrain).FullName);
            await grain.Threads(1);
            if (silo.Silo.Catalog.Find(grain.GetGrainId()) is not null) return (grain, name);
        }
    }

    /// <summary>A caller that calls again when the silo that it called is gone, as callers of a cluster must.</summary>
    private static async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (SiloUnavailableException) when (attempt < 20)
            {
                await Task.Delay(50);
            }
        }
    }
}
