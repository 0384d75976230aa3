using Microsoft.Extensions.Options;
using VaeCluster.Contracts.Cluster;
using VaeCluster.Contracts.Runs;
using VaeCluster.Grains.Runs;
using VaeCluster.Grains.Storage;

namespace VaeCluster.Grains.Tests.Runs;

/// <summary>A list reads runs that are not active from their files, and leaves them as they are.</summary>
public sealed class RunListsTests : IAsyncLifetime
{
    private TestedCluster _cluster = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _cluster = await TestedCluster.StartAsync(1);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task ListAsync_OfRunsThatHaveEnded_ActivatesNone()
    {
        var registry = _cluster.Grains.GetGrain<IClusterGrain>(IClusterGrain.TheKey);
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
            ids.Add(await EndedRunAsync(registry));
        var lists = ListsOf(_cluster);

        var (first, next) = await lists.ListAsync("", 2, _ => true, Token);
        var (second, end) = await lists.ListAsync(next, 2, _ => true, Token);

        Assert.Equal(ids, first.Concat(second).Select(run => run.RunId));
        Assert.All(first.Concat(second), run => Assert.Equal((RunPhase.Cancelled, "ended"), (run.Phase, Assert.Single(run.Conditions).Reason)));
        Assert.Equal("", end);
        Assert.All(ids, id => Assert.False(_cluster.IsActive(_cluster.Grains.GetGrain<IRunGrain>(id)), $"{id} is active."));
    }

    [Fact]
    public async Task ListAsync_OfAPhase_LooksBehindOthers()
    {
        var registry = _cluster.Grains.GetGrain<IClusterGrain>(IClusterGrain.TheKey);
        await EndedRunAsync(registry);

        var (runs, end) = await ListsOf(_cluster).ListAsync("", 10, phase => phase == RunPhase.Running, Token);

        Assert.Empty(runs);
        Assert.Equal("", end);
    }

    /// <summary>A run of the registry whose file another process wrote, so that its grain was never active here.</summary>
    private async Task<string> EndedRunAsync(IClusterGrain registry)
    {
        var id = await registry.RegisterRunAsync("ended");
        await registry.CloseRunAsync(id, RunPhase.Cancelled);
        var state = new GrainState<RunState>(new RunState
        {
            Plan = new RunPlan { RunId = id, SpecJson = "{}", Data = new DataDescription(1, 2, 2, 8, 0, "") },
            Phase = RunPhase.Cancelled,
            Conditions = [new RunCondition("ended", "It was cancelled.", DateTimeOffset.UnixEpoch)],
        });
        await StorageOf(_cluster).WriteStateAsync(FileGrainStorage.RunStateName, GrainId.Create("run", id), state);
        return id;
    }

    private static RunLists ListsOf(TestedCluster cluster) => new(cluster.Grains, new RunFiles(OptionsOf(cluster)), OptionsOf(cluster));

    private static FileGrainStorage StorageOf(TestedCluster cluster) => new(new RunFiles(OptionsOf(cluster)), OptionsOf(cluster));

    private static IOptions<DataDirectoryOptions> OptionsOf(TestedCluster cluster) => Options.Create(new DataDirectoryOptions { Path = cluster.DataDir });
}
