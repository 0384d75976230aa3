using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Data;
using VaeCluster.Parameters.Vectors;
using VaeCluster.Tests.Support;
using VaeCluster.Training.Workers;

namespace VaeCluster.Tests.Training.Workers;

public sealed class TrainerWorkerTests
{
    private static readonly string[] Small = ["data.count=90", "data.test=20", "data.imageSize=12", "model.hidden=[32]", "model.latent=4", "training.batch=16", "training.shards=4", "training.epochs=3"];

    public static TheoryData<int[][]> Assignments => new(
        [[0, 1, 2, 3]],
        [[0, 1], [2, 3]],
        [[0, 2], [1, 3]],
        [[3], [0, 1, 2]],
        [[2], [0], [3], [1]]);

    [Theory]
    [MemberData(nameof(Assignments))]
    public async Task Train_HoweverShardsAreAssigned_EndsWithTheSameBits(int[][] shards)
    {
        var expected = await HashOfAsync(Small, [[0, 1, 2, 3]]);

        Assert.Equal(expected, await HashOfAsync(Small, shards));
    }

    [Theory]
    [InlineData("objective.likelihood=gaussian")]
    [InlineData("optimizer.clipNorm=0.1")]
    [InlineData("training.batch=7")]
    [InlineData("model.activation=gelu")]
    [InlineData("optimizer.kind=sgd", "optimizer.momentum=0.9", "optimizer.learningRate=1e-4")]
    public async Task Train_WithOtherSettings_EndsWithTheSameBitsToo(params string[] settings)
    {
        var one = await HashOfAsync([.. Small, .. settings], [[0, 1, 2, 3]]);

        Assert.Equal(one, await HashOfAsync([.. Small, .. settings], [[1, 2], [0, 3]]));
        Assert.NotEqual(one, await HashOfAsync(Small, [[0, 1, 2, 3]]));
    }

    [Fact]
    public async Task Train_OtherSeed_EndsElsewhere() =>
        Assert.NotEqual(await HashOfAsync(Small, [[0, 1, 2, 3]]), await HashOfAsync([.. Small, "seed=2"], [[0, 1, 2, 3]]));

    [Fact]
    public async Task Train_StagedAheadOrNot_EndsWithTheSameBits()
    {
        var expected = await HashOfAsync(Small, [[0, 1, 2, 3]]);
        await using var cluster = await LocalCluster.StartAsync(ASpec.With(Small), [0, 1, 2, 3]);

        for (var step = 0; step < cluster.Store.StepCount; step++)
        {
            // The right shard, a wrong one, and an evaluation in between, which uses the same memory.
            await cluster.First.StageAsync(step, step % 2 == 0 ? 0 : 3);
            if (step % 3 == 0)
                await cluster.EvaluateAsync();
            await cluster.TrainAsync(step + 1);
        }

        Assert.Equal(expected, cluster.Hash);
    }

    [Fact]
    public async Task Train_RecycledBlocks_EndWithTheSameBits()
    {
        var expected = await HashOfAsync(Small, [[0, 1, 2, 3]]);
        await using var cluster = await LocalCluster.StartAsync(ASpec.With(Small), [0]);

        while (!cluster.Store.IsFinished)
        {
            using var weights = cluster.Store.AcquireWeights();
            var blocks = await cluster.First.ComputeAsync(weights, [0, 1, 3], TestContext.Current.CancellationToken);
            var rest = await cluster.First.ComputeAsync(weights, [2], TestContext.Current.CancellationToken);
            foreach (var block in blocks.Concat(rest))
                cluster.Store.Offer(block);
            Assert.NotNull(cluster.Store.TryApplyStep().Record);
        }

        Assert.Equal(expected, cluster.Hash);
    }

    [Fact]
    public async Task Compute_NeighbouringShards_ComesAsOneBlock()
    {
        await using var cluster = await LocalCluster.StartAsync(ASpec.With(Small), [0]);

        var blocks = await cluster.First.ComputeAsync(cluster.Weights, [0, 1, 3], TestContext.Current.CancellationToken);

        Assert.Equal([(0, 2), (3, 1)], blocks.Select(block => (block.FirstShard, block.ShardCount)));
        Assert.Equal([8, 4], blocks.Select(block => block.Losses.Examples));
        Assert.All(blocks, block => Assert.Equal(4 * cluster.Store.Layout.Length, block.Payload.Length));
    }

    [Fact]
    public async Task Compute_ShardWithoutExamples_IsZero()
    {
        // 70 examples in batches of 16: the last step has 6 for four shards; with 32 shards most have none.
        await using var cluster = await LocalCluster.StartAsync(ASpec.With([.. Small, "training.shards=16"]), [0]);

        var weights = WeightsSnapshot.Wrap(step: 4, isFinal: false, cluster.Weights.ToArrays());

        var block = Assert.Single(await cluster.First.ComputeAsync(weights, [0], TestContext.Current.CancellationToken));

        Assert.Equal(new LossSums(0, 0, 0), block.Losses);
        Assert.All(block.Payload.Bytes.ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public async Task Train_AFewExamplesForLong_LearnsThem()
    {
        var spec = ASpec.With("data.count=12", "data.test=4", "data.imageSize=12", "model.hidden=[64]", "model.latent=8", "training.batch=8", "training.shards=1", "training.epochs=400", "objective.beta.value=0.01", "optimizer.learningRate=0.003");
        await using var cluster = await LocalCluster.StartAsync(spec, [0]);

        await cluster.TrainAsync();

        var (first, last) = (cluster.Records[0].Losses, cluster.Records[^1].Losses);
        // 144 pixels at ln 2 each to begin with; grey edges of the sprites keep it from nought.
        Assert.InRange(first.Reconstruction / first.Examples, 90, 110);
        Assert.InRange(last.Reconstruction / last.Examples, 0, 20);
    }

    [Fact]
    public async Task Train_OverManySteps_KeepsNoTensors()
    {
        await using var cluster = await LocalCluster.StartAsync(ASpec.With([.. Small, "training.epochs=20"]), [0, 1, 2, 3]);
        await cluster.TrainAsync(5);
        await cluster.EvaluateAsync();
        await cluster.First.RenderAsync(cluster.Weights, ImageKind.Samples);
        var before = cluster.First.LiveTensors;

        await cluster.TrainAsync();
        await cluster.EvaluateAsync();
        await cluster.First.RenderAsync(cluster.Weights, ImageKind.Samples);
        await cluster.First.RenderAsync(cluster.Weights, ImageKind.Reconstructions);

        Assert.True(before > 0, "The worker has no model, so nothing was tested.");
        Assert.Equal(before, cluster.First.LiveTensors);
    }

    [Fact]
    public async Task Prepare_AnotherTime_FreesTheModelBefore()
    {
        await using var cluster = await LocalCluster.StartAsync(ASpec.With(Small), [0, 1, 2, 3]);
        var before = cluster.First.LiveTensors;
        await cluster.TrainAsync(2);

        await cluster.First.PrepareAsync(LocalCluster.PlanOf(cluster.Spec));

        Assert.Equal(before, cluster.First.LiveTensors);
    }

    [Theory]
    [InlineData("model.kind=mlp", "model.hidden=[32]", "data.imageSize=12")]
    [InlineData("model.kind=conv28", "data.imageSize=28")]
    [InlineData("model.kind=conv64", "data.imageSize=64", "data.channels=3", "objective.likelihood=gaussian")]
    [InlineData("model.kind=vq", "model.hidden=[8]", "model.codes=10", "data.imageSize=12")]
    public async Task Dispose_AfterWork_LeavesNoTensors(params string[] settings)
    {
        string[] few = ["data.count=40", "data.test=8", "training.batch=8", "training.shards=2", "training.epochs=1", "model.latent=4"];
        var spec = ASpec.With([.. few, .. settings]);
        var cluster = await LocalCluster.StartAsync(spec, [0, 1]);
        var before = cluster.First.LiveTensors;
        await cluster.TrainAsync(2);
        await cluster.First.EvaluateAsync(cluster.Weights, [0], samples: 2);
        await cluster.First.RenderAsync(cluster.Weights, ImageKind.Samples);
        Assert.True(before > 0, "The worker has no model, so nothing was tested.");
        Assert.Equal(before, cluster.First.LiveTensors);

        await cluster.DisposeAsync();

        Assert.Equal(0, cluster.First.LiveTensors);
    }

    [Fact]
    public async Task Evaluate_IsTheSameHoweverShardsAreAsked()
    {
        await using var cluster = await LocalCluster.StartAsync(ASpec.With(Small), [0, 1, 2, 3]);
        var weights = cluster.Weights;

        LossSums[] together = [.. (await cluster.First.EvaluateAsync(weights, [0, 1, 2, 3], samples: 0)).Select(shard => shard.Losses)];
        var apart = new List<LossSums>();
        foreach (var shard in new[] { 3, 1, 0, 2 })
            apart.AddRange((await cluster.First.EvaluateAsync(weights, [shard], samples: 0)).Select(evaluation => evaluation.Losses));

        Assert.Equal([5, 5, 5, 5], together.Select(sums => sums.Examples));
        Assert.Equal([together[3], together[1], together[0], together[2]], apart);
    }

    [Theory]
    [InlineData(ImageKind.Samples, "samples.png", 10)]
    [InlineData(ImageKind.Reconstructions, "reconstructions.png", 4)]
    public async Task Draw_EachKind_IsAGridOfImages(ImageKind kind, string name, int rows)
    {
        await using var cluster = await LocalCluster.StartAsync(ASpec.With(Small), [0]);

        var rendered = await cluster.First.RenderAsync(cluster.Weights, kind);

        // Twelve pixels are magnified four times. Twenty held-out examples make two rows, and their reconstructions two more.
        var image = PngReader.Read(rendered.Content);
        Assert.Equal(name, rendered.Name);
        Assert.Equal((2 + (10 * 50), 2 + (rows * 50)), (image.Width, image.Height));
    }

    [Fact]
    public async Task Draw_Reconstructions_StandBelowTheirExamples()
    {
        await using var cluster = await LocalCluster.StartAsync(ASpec.With(Small), [0]);
        var rendered = await cluster.First.RenderAsync(cluster.Weights, ImageKind.Reconstructions);
        var image = PngReader.Read(rendered.Content);
        var example = new float[12 * 12];
        ShapesSource.Draw(90, 12).CopyTo([70], example);

        for (var pixel = 0; pixel < example.Length; pixel++)
        {
            var (x, y) = (2 + (4 * (pixel % 12)), 2 + (4 * (pixel / 12)));
            Assert.Equal((byte)Math.Round(255 * example[pixel]), image[x, y][0]);
            // A model that is not trained paints everything about half grey.
            Assert.InRange(image[x, y + 50][0], 90, 165);
        }
    }

    [Fact]
    public async Task Prepare_OtherDataThanSubmitted_IsRefused()
    {
        await using var worker = new TrainerWorker("cpu:0");
        var plan = LocalCluster.PlanOf(ASpec.With(Small));

        var e = await Assert.ThrowsAsync<DataException>(() => worker.PrepareAsync(plan with { Data = plan.Data with { Sha256 = "other" } }));

        Assert.StartsWith("The data on this silo are not those that the run was submitted with: found DataDescription", e.Message, StringComparison.Ordinal);
        Assert.EndsWith(" Give every silo the same files.", e.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => worker.ComputeAsync(new(0, false, []), [0], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Compute_BeforePrepare_SaysWhatIsMissing()
    {
        await using var worker = new TrainerWorker("cpu:0");

        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => worker.ComputeAsync(new(0, false, []), [0], TestContext.Current.CancellationToken));

        Assert.Equal("The worker has no run; prepare it first.", e.Message);
    }

    [Fact]
    public async Task Dispose_Twice_IsOnce()
    {
        var worker = new TrainerWorker("cpu:0");

        await worker.DisposeAsync();
        await worker.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => worker.StageAsync(0, 0));
    }

    private static async Task<string> HashOfAsync(string[] settings, int[][] shards)
    {
        await using var cluster = await LocalCluster.StartAsync(ASpec.With(settings), shards);
        await cluster.TrainAsync();
        Assert.Equal(cluster.Store.StepCount, cluster.Records.Count);
        return cluster.Hash;
    }
}
