namespace VaeCluster.Grains.Tests;

/// <summary>A cluster of one silo with two CPU slots, for the tests of a class.</summary>
public sealed class SiloFixture : IAsyncLifetime
{
    private TestedCluster? _cluster;

    public TestedCluster Cluster => _cluster ?? throw new InvalidOperationException("The cluster has not started.");

    public string SiloName => Cluster.Silos[0];

    public string DataDir => Cluster.DataDir;

    public IGrainFactory Grains => Cluster.Grains;

    public async ValueTask InitializeAsync() => _cluster = await TestedCluster.StartAsync(siloCount: 1);

    public ValueTask DisposeAsync() => _cluster?.DisposeAsync() ?? ValueTask.CompletedTask;
}
