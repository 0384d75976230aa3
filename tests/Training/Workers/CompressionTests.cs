using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Parameters.Checkpoints;
using VaeCluster.Parameters.Store;
using VaeCluster.Parameters.Vectors;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Training.Workers;

/// <summary>A run that compresses its gradients learns, and ends with the same bits however its shards are assigned and wherever it continues.</summary>
public sealed class CompressionTests
{
    private static readonly string[] Shapes = ["data.count=200", "data.test=40", "data.imageSize=12", "model.hidden=[32]", "model.latent=4", "training.batch=30", "training.shards=4", "training.epochs=6"];

    /// <summary>BatchNorm has running statistics, which are not compressed.</summary>
    private static readonly string[] Conv64 = ["data.imageSize=64", "data.channels=3", "data.count=40", "data.test=12", "training.batch=16", "training.shards=4", "training.epochs=2", "model.kind=conv64", "objective.likelihood=gaussian", "objective.sigma=0.2"];

    [Theory]
    [InlineData("bf16")]
    [InlineData("fp16")]
    [InlineData("int8")]
    public async Task Train_HoweverShardsAreAssigned_EndsWithTheSameBits(string compression)
    {
        string[] settings = [.. Shapes, $"training.compression={compression}"];
        var expected = await HashOfAsync(settings, [[0, 1, 2, 3]]);

        Assert.Equal(expected, await HashOfAsync(settings, [[0, 1], [2, 3]]));
        Assert.Equal(expected, await HashOfAsync(settings, [[1, 2], [0, 3]]));
        Assert.Equal(expected, await HashOfAsync(settings, [[2], [0], [3], [1]]));
        Assert.NotEqual(expected, await HashOfAsync(Shapes, [[0, 1, 2, 3]]));
    }

    [Theory]
    [InlineData("bf16")]
    [InlineData("fp16")]
    [InlineData("int8")]
    public async Task Train_WithRunningStatistics_EndsWithTheSameBits(string compression)
    {
        string[] settings = [.. Conv64, $"training.compression={compression}"];

        Assert.Equal(await HashOfAsync(settings, [[0, 1, 2, 3]]), await HashOfAsync(settings, [[1, 2], [0, 3]]));
    }

    /// <summary>What travels after local steps is a difference of weights, which is compressed as a gradient is.</summary>
    [Fact]
    public async Task Train_WithLocalSteps_EndsWithTheSameBits()
    {
        string[] settings = [.. Shapes, "training.localSteps=3", "training.compression=int8"];

        Assert.Equal(await HashOfAsync(settings, [[0, 1, 2, 3]]), await HashOfAsync(settings, [[1, 2], [0, 3]]));
    }

    [Theory]
    [InlineData("fp16")]
    [InlineData("int8")]
    public async Task Train_FromACheckpointOrAStandbysPieces_EndsWithTheSameBits(string compression)
    {
        string[] settings = [.. Shapes, $"training.compression={compression}"];
        var expected = await HashOfAsync(settings, [[0, 1, 2, 3]]);
        await using var cluster = await LocalCluster.StartAsync(ASpec.With(settings), [0, 1], [2, 3]);
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.Path, LocalCluster.PlanOf(cluster.Spec), cluster.Spec, cluster.Store.Layout);

        await cluster.TrainAsync(10);
        checkpoints.Write(cluster.Store.Capture(0), keep: 1);
        await cluster.TrainAsync(20);
        cluster.Store = new ParameterStore(cluster.Spec, cluster.Data, cluster.Store.Layout, checkpoints.Read(10));
        await cluster.TrainAsync(15);
        var state = cluster.Store.Capture(0).State;
        var joined = StatePieces.Join(cluster.Store.Layout, PartRange.All(cluster.Store.Layout), 2, state.Step, state.Updates, StatePieces.Split(state));
        cluster.Store = new ParameterStore(cluster.Spec, cluster.Data, cluster.Store.Layout, new Checkpoint(joined, []));
        await cluster.TrainAsync();

        Assert.NotEmpty(state.Scales);
        Assert.Equal(expected, cluster.Hash);
    }

    [Fact]
    public async Task Compute_TwoShardsWithScales_TakeNineBitsAValue()
    {
        await using var cluster = await LocalCluster.StartAsync(ASpec.With([.. Shapes, "training.compression=int8"]), [0, 1, 2, 3]);
        Assert.Equal(4 * cluster.Store.Layout.Length, (await cluster.First.ComputeAsync(cluster.Weights, [0, 1], TestContext.Current.CancellationToken))[0].Payload.Length);

        await cluster.TrainAsync(1);
        var block = Assert.Single(await cluster.First.ComputeAsync(cluster.Weights, [0, 1], TestContext.Current.CancellationToken));

        Assert.Equal(new PayloadFormat(GradientEncoding.Integer8, cluster.Store.Layout.Length, 0), block.Format);
        Assert.InRange(block.Payload.Length, cluster.Store.Layout.Length * 9 / 8, (cluster.Store.Layout.Length * 9 / 8) + 44);
    }

    [Theory]
    [InlineData("bf16")]
    [InlineData("fp16")]
    [InlineData("int8")]
    public async Task Train_Compressed_LearnsAsWell(string compression)
    {
        var plain = await ElboOfAsync([.. Shapes, "training.epochs=30"]);

        // Rounding adds noise that is small beside that of the batches: the two differ by far less than they have learnt.
        Assert.Equal(plain, await ElboOfAsync([.. Shapes, "training.epochs=30", $"training.compression={compression}"]), 1.5);
    }

    private static async Task<string> HashOfAsync(string[] settings, int[][] shards)
    {
        await using var cluster = await LocalCluster.StartAsync(ASpec.With(settings), shards);
        await cluster.TrainAsync();
        return cluster.Hash;
    }

    private static async Task<double> ElboOfAsync(string[] settings)
    {
        await using var cluster = await LocalCluster.StartAsync(ASpec.With(settings), [0, 1, 2, 3]);
        await cluster.TrainAsync();
        return (await cluster.EvaluateAsync()).NegativeElbo;
    }
}
