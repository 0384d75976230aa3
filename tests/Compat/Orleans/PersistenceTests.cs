using Orleans.Runtime.Hosting;
using Orleans.Storage;
using VaeCluster.Tests.OrleansCompat.Grains;
using VaeCluster.Tests.OrleansCompat.Support;

namespace VaeCluster.Tests.OrleansCompat;

public sealed class PersistenceTests : IAsyncLifetime
{
    private readonly SpyStorage _storage = new();
    private TestCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await TestCluster.StartAsync(
        2, silo => silo.ConfigureServices(services => services.AddGrainStorage("spy", (_, name) => name == "spy" ? _storage : throw new ArgumentException(name))));

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task States_OfOneGrain_AreKeptApart()
    {
        var grain = Grain();

        await grain.Add(3);
        await grain.AddOther(4);

        Assert.Equal((3, 4), (await grain.Sum(), await grain.Other()));
        Assert.Equal("1", await grain.Etag());
        Assert.True(_storage.Started);
    }

    [Fact]
    public async Task Write_WithAStaleEtag_FailsAndTheNextCallReadsAnew()
    {
        var grain = Grain();
        await grain.Add(3);

        _storage.SpoilEtags();
        var exception = await Assert.ThrowsAsync<InconsistentStateException>(() => grain.Add(100));

        Assert.Equal(("somebody wrote before", "2", "1"), (exception.Message, exception.StoredEtag, exception.CurrentEtag));
        Assert.Equal(3, await grain.Sum());
        await grain.Add(1);
        Assert.Equal(4, await grain.Sum());
    }

    [Fact]
    public async Task Write_ThatFails_NamesGrainStateAndStorage()
    {
        var grain = Grain();
        _storage.WriteFailure = new IOException("disk full");

        var exception = await Assert.ThrowsAsync<OrleansException>(() => grain.Add(1));

        Assert.Equal($"Error writing state 'ledger' of {grain.GetGrainId()} in SpyStorage: disk full", exception.Message);
        Assert.Equal("disk full", Assert.IsType<IOException>(exception.InnerException).Message);
    }

    [Fact]
    public async Task MemoryStorage_WrittenByTwoActivations_RefusesTheSecond()
    {
        var storage = new MemoryGrainStorage("m", _cluster.Grains);
        var id = GrainId.Create("x", "y");
        GrainState<LedgerState> first = new(new() { Sum = 1 }), second = new(new() { Sum = 2 });

        await storage.WriteStateAsync("s", id, first);
        var exception = await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("s", id, second));

        Assert.Equal((first.ETag, null), (exception.StoredEtag, exception.CurrentEtag));
        await storage.ReadStateAsync("s", id, second);
        Assert.Equal((1, first.ETag, true), (second.State.Sum, second.ETag, second.RecordExists));
    }

    [Fact]
    public async Task MissingStorage_IsNamedWithTheFix()
    {
        await using var bare = await TestCluster.StartAsync();

        var exception = await Assert.ThrowsAsync<BadProviderConfigException>(() => bare.Grains.GetGrain<ILedgerGrain>("x").Sum());

        Assert.Equal("No storage provider named \"spy\" found loading grain type ledger. Register one under that name, for example with AddMemoryGrainStorage(\"spy\").", exception.Message);
    }

    private ILedgerGrain Grain() => _cluster.Grains.GetGrain<ILedgerGrain>(Guid.NewGuid().ToString("N"));
}
