using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using StackExchange.Redis;
using VaeCluster.Tests.OrleansCompat.Grains;
using VaeCluster.Tests.OrleansCompat.Support;

namespace VaeCluster.Tests.OrleansCompat;

/// <summary>Clustering in a real Redis, which the test starts for itself.</summary>
public sealed class RedisTests : IAsyncLifetime
{
    private readonly int _port = Ports.Free();
    private Process? _redis;

    private string Connection => $"127.0.0.1:{_port},password=secret,abortConnect=false";

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "redis-server"))),
            "redis-server is not installed (Debian: apt-get install redis-server).");
        await StartRedisAsync();
    }

    public ValueTask DisposeAsync()
    {
        _redis?.Kill();
        _redis?.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Silos_FindEachOtherAndSeeOneLeave()
    {
        await using var first = await SiloAsync("first");
        await using var second = await SiloAsync("second");
        await ActiveAsync(2, first, second);
        await first.Grains.GetGrain<ICounterGrain>("redis").Increment(1);
        Assert.Equal(2, await second.Grains.GetGrain<ICounterGrain>("redis").Increment(1));

        await second.StopAsync();

        Assert.Equal(SiloStatus.Dead, first.Membership.CurrentSnapshot.GetSiloStatus(second.Address));
        await using var third = await SiloAsync("third");
        await ActiveAsync(2, first, third);
        Assert.Equal(SiloStatus.Dead, third.Membership.CurrentSnapshot.GetSiloStatus(second.Address));
    }

    [Fact]
    public async Task Silos_LeftInTheTableByACrash_AreDeclaredDead()
    {
        await using (var crashed = await SiloAsync("crashed")) crashed.Kill();

        await using var later = await SiloAsync("later");

        await ActiveAsync(1, later);
        Assert.Equal(2, later.Membership.CurrentSnapshot.Members.Count);
    }

    [Fact]
    public async Task Client_FindsGatewaysInTheTable()
    {
        await using var silo = await SiloAsync("gateway");

        await using var client = await TestClient.StartAsync(builder => builder.UseRedisClustering(Connection));

        Assert.Equal(1, await client.Grains.GetGrain<ICounterGrain>("by-client").Increment(1));
    }

    [Fact]
    public async Task Redis_LostAndBack_DoesNotDisturbTheCluster()
    {
        await using var first = await SiloAsync("first");
        await using var second = await SiloAsync("second");
        await ActiveAsync(2, first, second);

        _redis!.Kill();
        await _redis.WaitForExitAsync();
        Assert.Equal(1, await first.Grains.GetGrain<ICounterGrain>("without").Increment(1));
        await StartRedisAsync();

        await using var third = await SiloAsync("third");
        await ActiveAsync(3, first, second, third);
    }

    [Fact]
    public async Task OtherCluster_InTheSameRedis_StaysApart()
    {
        await using var mine = await SiloAsync("mine");
        await using var other = await SiloAsync("other", silo => silo.Configure<ClusterOptions>(options => options.ClusterId = "other"));

        Assert.Equal(1, mine.ActiveCount);
        Assert.Equal(1, other.ActiveCount);
    }

    [Fact]
    public async Task WrongPassword_FailsTheStartAndSaysSo()
    {
        using var host = TestSilo.Build("x", Ports.Free(), null, silo => silo.UseRedisClustering($"127.0.0.1:{_port},password=wrong"), new());

        var exception = await Assert.ThrowsAsync<OrleansConfigurationException>(() => host.StartAsync());

        Assert.StartsWith($"No Redis can be used. 127.0.0.1:{_port}: Redis answers: WRONGPASS", exception.Message);
        Assert.EndsWith("Start it first, or set abortConnect=false to have the silo wait for it.", exception.Message);
    }

    [Fact]
    public void ConfigurationOptions_Parse_ReadsWhatIsUsedHere()
    {
        var options = ConfigurationOptions.Parse("redis:7000,10.0.0.7,user=u,password=p,ssl=true,sslHost=h,defaultDatabase=3,connectTimeout=100,abortConnect=false,keepAlive=60");

        Assert.Equal(["Unspecified/redis:7000", "10.0.0.7:6379"], options.EndPoints.Select(endpoint => endpoint.ToString()));
        Assert.Equal(("u", "p", true, "h", 3, 100, false), (options.User, options.Password, options.Ssl, options.SslHost, options.DefaultDatabase, options.ConnectTimeout, options.AbortOnConnectFail));
        Assert.StartsWith("Keyword 'colour' is not supported.", Assert.Throws<ArgumentException>(() => ConfigurationOptions.Parse("redis,colour=red")).Message);
    }

    private static Task ActiveAsync(int count, params TestSilo[] silos) => Eventually.TrueAsync(
        () => silos.All(silo => silo.ActiveCount == count),
        () => $"{count} active silos; seen: {string.Join(" | ", silos.Select(silo => silo.Membership.CurrentSnapshot))}");

    private Task<TestSilo> SiloAsync(string name, Action<ISiloBuilder>? configure = null) => TestSilo.StartAsync(name, Ports.Free(), null, silo =>
    {
        silo.UseRedisClustering(options => options.ConfigurationOptions = ConfigurationOptions.Parse(Connection));
        silo.Configure<ClusterMembershipOptions>(options => options.TableRefreshTimeout = TimeSpan.FromSeconds(1));
        configure?.Invoke(silo);
    });

    private async Task StartRedisAsync()
    {
        _redis = Process.Start(new ProcessStartInfo("redis-server", ["--port", $"{_port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--requirepass", "secret"])
        {
            RedirectStandardOutput = true,
        })!;
        _redis.OutputDataReceived += (_, _) => { };
        _redis.BeginOutputReadLine();
        await Eventually.TrueAsync(
            async () =>
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    await socket.ConnectAsync("127.0.0.1", _port);
                    return true;
                }
                catch (SocketException)
                {
                    return false;
                }
            },
            () => $"redis-server on port {_port}");
    }
}
