using VaeCluster.Grains.Storage;

namespace VaeCluster.Grains.Tests.Storage;

public sealed class DataDirectoryClaimTests : IDisposable
{
    private static readonly ClusterIdentity Ours = new("ours", "Redis a:6379");
    private static readonly ClusterIdentity Theirs = new("theirs", "silo 127.0.0.1:11111");

    private readonly string _path = Directory.CreateTempSubdirectory("claim-").FullName;

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public async Task Acquire_OfSilosOfOneCluster_LetsThemShareTheDirectory()
    {
        using var first = await DataDirectoryClaim.AcquireAsync(_path, Ours);
        using var second = await DataDirectoryClaim.AcquireAsync(_path, Ours);

        Assert.Contains("\"clusterId\":\"ours\"", await File.ReadAllTextAsync(Path.Combine(_path, "cluster.json"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Acquire_WhileAnotherClusterRuns_IsRefusedAndNamesBoth()
    {
        using var first = await DataDirectoryClaim.AcquireAsync(_path, Ours);

        var e = await Assert.ThrowsAsync<DataDirectoryInUseException>(() => DataDirectoryClaim.AcquireAsync(_path, Theirs));

        Assert.Equal(
            $"The data directory {_path} is in use by the cluster 'ours' (membership: Redis a:6379), and this silo belongs to 'theirs' (membership: silo 127.0.0.1:11111). "
            + "A data directory belongs to one cluster. Give this silo another --data-dir, or the settings of that cluster.",
            e.Message);
    }

    [Fact]
    public async Task Acquire_WithOtherExtensions_IsRefused_AndNamesThem()
    {
        using var first = await DataDirectoryClaim.AcquireAsync(_path, Ours with { Extensions = ["A 1.0", "B 1.0"] });

        using var alike = await DataDirectoryClaim.AcquireAsync(_path, Ours with { Extensions = ["A 1.0", "B 1.0"] });
        var e = await Assert.ThrowsAsync<DataDirectoryInUseException>(() => DataDirectoryClaim.AcquireAsync(_path, Ours with { Extensions = ["B 1.0", "C 2.0"] }, "third"));

        Assert.Equal(
            $"Silo third cannot join the silos of the cluster 'ours' that run on {_path}: it lacks A 1.0, and has C 2.0, which they lack. "
            + "All silos of a cluster have the same extensions, because each may train any run. Start this silo with their --extensions, or stop them and start all with the same.",
            e.Message);
    }

    [Fact]
    public async Task Acquire_AfterTheOtherClusterHasEnded_TakesTheDirectoryOver()
    {
        (await DataDirectoryClaim.AcquireAsync(_path, Theirs)).Dispose();

        using var ours = await DataDirectoryClaim.AcquireAsync(_path, Ours);

        await Assert.ThrowsAsync<DataDirectoryInUseException>(() => DataDirectoryClaim.AcquireAsync(_path, Theirs));
    }

    [Fact]
    public async Task Acquire_OfManyAtOnce_LetsOneClusterIn()
    {
        var claims = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Task.Run<(ClusterIdentity Cluster, DataDirectoryClaim? Claim)>(async () =>
        {
            var cluster = number % 2 == 0 ? Ours : Theirs;
            try
            {
                return (cluster, await DataDirectoryClaim.AcquireAsync(_path, cluster));
            }
            catch (DataDirectoryInUseException)
            {
                return (cluster, null);
            }
        })));

        var holders = claims.Where(claim => claim.Claim is not null).Select(claim => claim.Cluster).Distinct().ToList();
        foreach (var (_, claim) in claims)
            claim?.Dispose();
        Assert.Single(holders);
    }
}
