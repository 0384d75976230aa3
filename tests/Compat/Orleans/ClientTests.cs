using Orleans.Configuration;
using Orleans.Runtime.Messaging;
using VaeCluster.Tests.OrleansCompat.Grains;
using VaeCluster.Tests.OrleansCompat.Support;

namespace VaeCluster.Tests.OrleansCompat;

public sealed class ClientTests : IAsyncLifetime
{
    private TestCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await TestCluster.StartAsync(3);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Call_FromClient_ReachesGrainsOnAllSilos()
    {
        await using var client = await TestClient.StartAsync(_cluster[1].GatewayPort);

        var places = await Task.WhenAll(Enumerable.Range(0, 60).Select(async i =>
        {
            var grain = client.Grains.GetGrain<ICounterGrain>($"client-{i}");
            Assert.Equal(i, await grain.Increment(i));
            return await grain.Where();
        })).InTimeAsync("all calls");

        Assert.Equal(3, places.Distinct().Count());
    }

    [Fact]
    public async Task Exception_CrossesTwoHops()
    {
        await using var client = await TestClient.StartAsync(_cluster[0].GatewayPort);

        for (var i = 0; i < 10; i++)
        {
            var grain = client.Grains.GetGrain<IFaultGrain>(i);
            var exception = await Assert.ThrowsAsync<QuotaException>(() => grain.Throw("quota"));
            Assert.Equal(12, exception.Limit);
        }
    }

    [Fact]
    public async Task LargeBytes_CrossTwoHopsBothWays()
    {
        await using var client = await TestClient.StartAsync(_cluster[0].GatewayPort);

        for (var i = 0; i < 6; i++)
        {
            var grain = client.Grains.GetGrain<IFaultGrain>(100 + i);
            Assert.Equal(3_000_000, await grain.Take(new byte[3_000_000]));
            Assert.Equal(2_000_000, (await grain.Bytes(2_000_000)).Length);
        }
    }

    [Fact]
    public async Task Cancellation_FromClient_ReachesTheGrain()
    {
        await using var client = await TestClient.StartAsync(_cluster[0].GatewayPort);
        for (var i = 0; i < 6; i++)
        {
            var name = Guid.NewGuid().ToString("N");
            using var cancellation = new CancellationTokenSource();
            var call = client.Grains.GetGrain<IGateGrain>(name, typeof(GateGrain).FullName).PassCancellable(name, cancellation.Token);
            await Gates.Get(name + "-in").Task.InTimeAsync("the call to start");

            await cancellation.CancelAsync();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
            await Gates.Get(name + "-cancelled").Task.InTimeAsync("the grain's token to fire");
        }
    }

    [Fact]
    public async Task Timeout_OfClient_NamesItsOwnCall()
    {
        await using var client = await TestClient.StartAsync(_cluster[0].GatewayPort);
        var name = Guid.NewGuid().ToString("N");

        var exception = await Assert.ThrowsAsync<TimeoutException>(
            () => client.Grains.GetGrain<IGateGrain>(name, typeof(GateGrain).FullName).PassQuickly(name));

        Assert.StartsWith("Response did not arrive on time in 00:00:00.3", exception.Message);
        Gates.Get(name).SetResult();
    }

    [Fact]
    public async Task Observer_OfClient_IsCalledFromEverySilo()
    {
        await using var client = await TestClient.StartAsync(_cluster[2].GatewayPort);
        var reader = new NewsReader();
        var reference = client.Grains.CreateObjectReference<INewsObserver>(reader);

        for (var i = 0; i < 12; i++)
        {
            var grain = client.Grains.GetGrain<INewsGrain>($"paper-{i}");
            await grain.Subscribe(reference);
            await grain.Publish($"news-{i}");
            var heard = i + 1;
            await Eventually.TrueAsync(() => reader.News.Count == heard, () => $"{heard} news");
            Assert.Equal(heard * 2, await grain.Ask(2));
        }

        Assert.Equal(12, reader.News.Distinct().Count());
        var exception = await Assert.ThrowsAsync<ArgumentException>(() => client.Grains.GetGrain<INewsGrain>("paper-0").Ask(-1));
        Assert.Equal("times is negative", exception.Message);
    }

    [Fact]
    public async Task Observer_Deleted_IsGoneForCallers()
    {
        await using var client = await TestClient.StartAsync(_cluster[0].GatewayPort);
        var reader = new NewsReader();
        var grain = client.Grains.GetGrain<INewsGrain>("deleted");
        await grain.Subscribe(client.Grains.CreateObjectReference<INewsObserver>(reader));

        client.Grains.DeleteObjectReference<INewsObserver>(reader);

        var exception = await Assert.ThrowsAsync<OrleansMessageRejectionException>(() => grain.Ask(1));
        Assert.Contains("was deleted", exception.Message);
    }

    [Fact]
    public async Task Observer_OfSilo_IsCalledFromOtherSilos()
    {
        var reader = new NewsReader();
        var reference = _cluster[1].Grains.CreateObjectReference<INewsObserver>(reader);

        for (var i = 0; i < 8; i++)
        {
            var grain = _cluster[0].Grains.GetGrain<INewsGrain>($"silo-paper-{i}");
            await grain.Subscribe(reference);
            await grain.Publish("x");
            var heard = i + 1;
            await Eventually.TrueAsync(() => reader.News.Count == heard, () => $"{heard} news");
        }
    }

    [Fact]
    public async Task ObserverObject_PassedInPlaceOfItsReference_IsRefused()
    {
        var exception = await Assert.ThrowsAsync<Orleans.Serialization.SerializerException>(
            () => _cluster.Grains.GetGrain<INewsGrain>("wrong").Subscribe(new NewsReader()));

        Assert.Equal(
            $"{typeof(NewsReader)} is an observer object; pass what IGrainFactory.CreateObjectReference<INewsObserver>(observer) returns in its place.",
            exception.Message);
    }

    [Fact]
    public async Task Gateway_Killed_FailsItsCallsAndTheClientGoesToAnother()
    {
        await using var both = await TestClient.StartAsync(_cluster[1].GatewayPort, _cluster[2].GatewayPort);
        var name = Guid.NewGuid().ToString("N");
        var call = both.Grains.GetGrain<IGateGrain>(name, typeof(GateGrain).FullName).Pass(name);
        await Gates.Get(name + "-in").Task.InTimeAsync("the call to start");
        var gateway = _cluster.Silos.Single(silo => both.Log.Lines.Any(line => line.Text == $"Connected to gateway {silo.Address}."));

        gateway.Kill();

        await Assert.ThrowsAsync<SiloUnavailableException>(() => call.InTimeAsync("the call to fail"));
        await Eventually.TrueAsync(() => Calls(both), () => "calls through the other gateway");
        Gates.Get(name).SetResult();

        static async Task<bool> Calls(TestClient client)
        {
            try
            {
                return await client.Grains.GetGrain<ICounterGrain>("through").Increment(1) > 0;
            }
            catch (SiloUnavailableException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task Call_OverTheClientsLimit_FailsAlone()
    {
        await using var client = await TestClient.StartAsync(builder => builder
            .UseLocalhostClustering(_cluster[0].GatewayPort)
            .Configure<ClientMessagingOptions>(options => options.MaxMessageBodySize = 200_000));
        var grain = client.Grains.GetGrain<IFaultGrain>(1);

        var exception = await Assert.ThrowsAsync<InvalidMessageFrameException>(() => grain.Take(new byte[300_000]));

        Assert.Contains("ClientMessagingOptions.MaxMessageBodySize allows 200000", exception.Message);
        Assert.Equal(100_000, await grain.Take(new byte[100_000]));
    }
}
