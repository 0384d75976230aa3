using VaeCluster.Tests.OrleansCompat.Grains;
using VaeCluster.Tests.OrleansCompat.Support;

namespace VaeCluster.Tests.OrleansCompat;

/// <summary>What a call within a silo copies, and what it does not.</summary>
public sealed class CopyTests : IAsyncLifetime
{
    private TestCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await TestCluster.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Argument_IsCopied()
    {
        var cargo = new Cargo { Bytes = [1, 2, 3] };

        await Grain().Load(cargo);

        Assert.NotSame(cargo, CargoGrain.Last);
        Assert.NotSame(cargo.Bytes, CargoGrain.Last.Bytes);
        Assert.Equal(cargo.Bytes, CargoGrain.Last.Bytes);
    }

    [Fact]
    public async Task Argument_ChangedAfterTheCallWasMade_ArrivesAsItWas()
    {
        var (grain, cargo) = (Grain(), new Cargo { Bytes = [1] });

        var call = grain.Load(cargo);
        cargo.Bytes[0] = 99;
        await call;

        Assert.Equal(1, CargoGrain.Last.Bytes[0]);
    }

    [Fact]
    public async Task ImmutableParameter_IsShared()
    {
        var cargo = new Cargo { Bytes = [1] };

        await Grain().LoadImmutable(cargo);

        Assert.Same(cargo, CargoGrain.Last);
    }

    [Fact]
    public async Task SealedImmutableClass_IsSharedBothWays()
    {
        var (grain, cargo) = (Grain(), new SealedCargo(new byte[1000]));

        await grain.LoadSealed(cargo);

        Assert.Same(cargo, CargoGrain.LastSealed);
        Assert.Same(cargo, await grain.UnloadSealed());
    }

    [Fact]
    public async Task Result_IsCopied()
    {
        var grain = Grain();
        await grain.Load(new Cargo { Bytes = [5] });

        Assert.NotSame(CargoGrain.Last, await grain.Unload());
    }

    [Fact]
    public async Task GrainObject_AsResult_BecomesAReference()
    {
        var grain = Grain();

        var self = await grain.Self();

        Assert.IsNotType<CargoGrain>(self);
        Assert.Equal(grain, self);
        Assert.Equal(grain.GetPrimaryKey(), self.GetPrimaryKey());
    }

    [Fact]
    public async Task References_CrossSilosAsArguments()
    {
        await using var two = await TestCluster.StartAsync(2);
        for (var i = 0; i < 10; i++)
        {
            var (from, to) = (two[0].Grains.GetGrain<ICargoGrain>(Guid.NewGuid()), two[0].Grains.GetGrain<ICargoGrain>(Guid.NewGuid()));

            Assert.Equal(to.GetPrimaryKey(), await from.Pass(to, new()));
            Assert.Equal(from, await from.Self());
        }
    }

    private ICargoGrain Grain() => _cluster.Grains.GetGrain<ICargoGrain>(Guid.NewGuid());
}
