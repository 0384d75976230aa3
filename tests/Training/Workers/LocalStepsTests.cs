using TorchSharp;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data;
using VaeCluster.Parameters.Architectures;
using VaeCluster.Parameters.Schedules;
using VaeCluster.Parameters.Store;
using VaeCluster.Parameters.Vectors;
using VaeCluster.Tests.Support;
using VaeCluster.Training.Models;
using VaeCluster.Training.Objectives;
using VaeCluster.Training.Workers;

namespace VaeCluster.Tests.Training.Workers;

/// <summary>Runs whose shards make local steps between two exchanges.</summary>
public sealed class LocalStepsTests
{
    /// <summary>70 examples in batches of 16: an epoch has five batches, the last one of six examples, so a step of four batches and one of one.</summary>
    private static readonly string[] Small =
    [
        "data.count=90", "data.test=20", "data.imageSize=12", "model.hidden=[32]", "model.latent=4", "training.batch=16", "training.shards=4",
        "training.epochs=3", "training.localSteps=4",
    ];

    /// <summary>Of eight shards, some have no example of the last batch.</summary>
    private const string ManyShards = "training.shards=8";

    /// <summary>
    /// A model with running statistics. Its biases before a normalisation have a gradient of rounding errors alone, which Adam would make into whole steps.
    /// </summary>
    private const string Convolutional = "data.count=52 data.test=12 data.imageSize=64 data.channels=3 model.kind=conv64 model.latent=8 "
        + "objective.likelihood=gaussian training.batch=16 training.epochs=1 training.localSteps=2 training.shards=2 "
        + "optimizer.kind=sgd optimizer.learningRate=1e-5";

    public static TheoryData<string> Settings => new(
        "training.localSteps=4",
        "training.localSteps=3",
        "optimizer.outer.innerState=reset",
        "optimizer.outer.innerState=reset optimizer.kind=sgd optimizer.momentum=0.9 optimizer.learningRate=1e-4 training.localSteps=3",
        ManyShards,
        "optimizer.clipNorm=0.5",
        "optimizer.kind=adamw optimizer.weightDecay=0.1",
        "optimizer.kind=sgd optimizer.momentum=0.9 optimizer.learningRate=1e-4",
        "optimizer.outer.kind=sgd optimizer.outer.learningRate=1 optimizer.outer.momentum=0",
        "optimizer.schedule.kind=cosine optimizer.schedule.warmupSteps=3",
        "objective.beta.schedule=linear objective.beta.warmupSteps=9 training.epochs=2",
        "objective.samples=2",
        Convolutional);

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task Train_WithLocalSteps_GoesWhereTheReferenceGoes(string settings)
    {
        var spec = SpecOf(settings);
        await using var cluster = await LocalCluster.StartAsync(spec, [.. Enumerable.Range(0, spec.Training.Shards)]);
        using var reference = new DiLoCoReference(spec, cluster.Data);
        Assert.True(reference.Distance(cluster.Weights) < 1e-9, "The reference begins elsewhere.");

        await cluster.TrainAsync();
        var moved = reference.Distance(cluster.Weights);
        var losses = reference.Train();

        Assert.True(moved > 1e-3, $"The weights moved by {moved} at most, so nothing was compared.");
        Assert.InRange(reference.Distance(cluster.Weights), 0, moved * 2e-3);
        Assert.Equal(losses.Count, cluster.Records.Count);
        Assert.All(losses.Zip(cluster.Records), pair => Assert.Equal(pair.First, pair.Second.Losses.Reconstruction, pair.First * 1e-4));
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task Train_HoweverShardsAreAssigned_EndsWithTheSameBits(string settings)
    {
        var spec = SpecOf(settings);
        int[] all = [.. Enumerable.Range(0, spec.Training.Shards)];
        var expected = await HashOfAsync(spec, all);

        Assert.Equal(expected, await HashOfAsync(spec, all[..1], all[1..]));
        Assert.Equal(expected, await HashOfAsync(spec, [.. all.Where(shard => shard % 2 == 1)], [.. all.Where(shard => shard % 2 == 0)]));
    }

    [Theory]
    [InlineData("training.compression=bf16")]
    [InlineData("training.compression=int8")]
    public async Task Train_CompressedOuterGradients_EndsWithTheSameBits(string compression)
    {
        var spec = SpecOf(compression);
        var expected = await HashOfAsync(spec, [0, 1, 2, 3]);

        Assert.Equal(expected, await HashOfAsync(spec, [1, 2], [0, 3]));
        Assert.NotEqual(expected, await HashOfAsync(ASpec.With(Small), [0, 1, 2, 3]));
    }

    [Fact]
    public async Task Train_StagedAheadOrNot_EndsWithTheSameBits()
    {
        var expected = await HashOfAsync(ASpec.With(Small), [0, 1, 2, 3]);
        await using var cluster = await LocalCluster.StartAsync(ASpec.With(Small), [0, 1, 2, 3]);

        for (var step = 0; step < cluster.Store.StepCount; step++)
        {
            await cluster.First.StageAsync(step, step % 2 == 0 ? 0 : 3);
            await cluster.EvaluateAsync();
            await cluster.TrainAsync(step + 1);
        }

        Assert.Equal(expected, cluster.Hash);
    }

    [Fact]
    public async Task Train_FromACheckpointInTheMiddleOfAnEpoch_EndsWithTheSameBits()
    {
        var spec = ASpec.With(Small);
        var expected = await HashOfAsync(spec, [0, 1, 2, 3]);
        await using var cluster = await LocalCluster.StartAsync(spec, [1, 2], [0, 3]);
        await cluster.TrainAsync(3);

        var checkpoint = cluster.Store.Capture(writtenStep: 3);
        Assert.Contains(checkpoint.State.Optimizer[0], value => value != 0);
        cluster.Store = new ParameterStore(spec, cluster.Data, cluster.Store.Layout, checkpoint);
        await cluster.TrainAsync();

        Assert.Equal(expected, cluster.Hash);
    }

    [Fact]
    public async Task Records_OfLocalSteps_HaveTheExamplesOfAllBatches_AndTheSchedulesOfTheLast()
    {
        string[] schedules = ["objective.beta.schedule=linear", "objective.beta.warmupSteps=100", "optimizer.schedule.warmupSteps=100"];
        await using var cluster = await LocalCluster.StartAsync(ASpec.With([.. Small, .. schedules]), [0, 1, 2, 3]);

        await cluster.TrainAsync();

        Assert.Equal([64, 6, 64, 6, 64, 6], cluster.Records.Select(record => record.Losses.Examples));
        // The batches 3, 4, 8, 9, 13 and 14 end the steps; a warm-up of the rate begins above 0.
        Assert.Equal([0.03, 0.04, 0.08, 0.09, 0.13, 0.14], cluster.Records.Select(record => Math.Round(record.Beta, 9)));
        Assert.Equal([4e-5, 5e-5, 9e-5, 1e-4, 1.4e-4, 1.5e-4], cluster.Records.Select(record => Math.Round(record.LearningRate, 9)));
    }

    [Fact]
    public async Task Compute_ShardWithoutExamplesOfAStep_IsZero()
    {
        await using var cluster = await LocalCluster.StartAsync(ASpec.With([.. Small, ManyShards]), [0]);
        var weights = WeightsSnapshot.Wrap(step: 1, isFinal: false, cluster.Weights.ToArrays());

        var block = Assert.Single(await cluster.First.ComputeAsync(weights, [0], TestContext.Current.CancellationToken));

        Assert.Equal(new LossSums(0, 0, 0), block.Losses);
        Assert.All(block.Payload.Values.ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public async Task Compute_DivergedLocalSteps_AreNotFinite_AndTheNextShardIsNotTouched()
    {
        string[] settings = [.. Small, "optimizer.kind=sgd", "optimizer.learningRate=100", "training.nonFinite=skip"];
        await using var cluster = await LocalCluster.StartAsync(ASpec.With(settings), [0, 1, 2, 3]);
        var initial = cluster.Hash;

        var first = await cluster.First.ComputeAsync(cluster.Weights, [2], TestContext.Current.CancellationToken);
        var again = await cluster.First.ComputeAsync(cluster.Weights, [2], TestContext.Current.CancellationToken);
        await cluster.TrainAsync(1);

        Assert.Equal(first.Select(block => block.Losses), again.Select(block => block.Losses));
        Assert.Contains(first[0].Payload.Values.ToArray(), value => !float.IsFinite(value));
        var record = Assert.Single(cluster.Records);
        Assert.True(record.Skipped);
        Assert.Equal(64, record.Losses.Examples);
        Assert.Equal(initial, cluster.Hash);
    }

    [Fact]
    public void Compute_CancelledBetweenLocalSteps_PutsThePublishedWeightsBack()
    {
        var (spec, data) = (ASpec.With(Small), ASpec.Data(train: 70, side: 12));
        using var model = ModelFactory.Create(spec, data);
        using var cancellation = new CancellationTokenSource();
        using var scope = torch.NewDisposeScope();
        torch.Tensor[] tensors = [.. model.parameters()];
        var published = Array.ConvertAll(tensors, values => values.detach().clone());
        var layout = ModelLayout.Of(spec, data);
        var batches = new List<long>();
        var round = new LocalRound(spec, new TrainingSchedule(spec, data), layout, tensors, Objective.For(spec.Objective, model), (batch, shard) =>
        {
            batches.Add(batch);
            if (batch == 2)
                cancellation.Cancel();
            return (new LossSums(4, 1, 1), Array.ConvertAll(tensors, values => torch.ones_like(values)));
        });

        Assert.Throws<OperationCanceledException>(() => round.Compute(step: 0, shard: 1, PartedVector.Rent(layout), cancellation.Token));

        Assert.Equal([0, 1, 2], batches);
        Assert.All(published.Zip(tensors), pair => Assert.True(pair.First.equal(pair.Second).all().item<bool>()));
    }

    [Fact]
    public async Task Compute_Cancelled_LeavesTheWorkerAsItWas()
    {
        await using var cluster = await LocalCluster.StartAsync(ASpec.With(Small), [0]);
        var expected = await cluster.First.ComputeAsync(cluster.Weights, [1], TestContext.Current.CancellationToken);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cluster.First.ComputeAsync(cluster.Weights, [0, 1], new CancellationToken(canceled: true)));

        var again = await cluster.First.ComputeAsync(cluster.Weights, [1], TestContext.Current.CancellationToken);
        Assert.Equal(expected[0].Payload.Bytes.ToArray(), again[0].Payload.Bytes.ToArray());
    }

    [Fact]
    public async Task Guard_InLocalSteps_LowersBetaForAllShardsAtOnce()
    {
        // No shard's KL is above the threshold, so each check lowers beta: before the batches 3, 6 and 9 of fifteen, 12 too.
        string[] settings =
        [
            .. Small, ManyShards, "objective.collapse.action=lower-beta", "objective.collapse.steps=3", "objective.collapse.threshold=1000",
        ];
        await using var cluster = await LocalCluster.StartAsync(ASpec.With(settings), [0, 1, 2, 3], [4, 5, 6, 7]);

        await cluster.TrainAsync();

        Assert.Equal([0.5, 0.5, 0.25, 0.125, 0.0625, 0.0625], cluster.Records.Select(record => record.Beta));
        var slot = cluster.Store.Layout.Slots.Single(slot => slot.Name == BetaReductions.CountBuffer);
        Assert.Equal(4, cluster.Weights.Parts[0].Values[slot.Offset]);
    }

    [Fact]
    public async Task Train_WithLocalSteps_KeepsNoTensors_AndLearns()
    {
        await using var cluster = await LocalCluster.StartAsync(ASpec.With([.. Small, "training.epochs=60"]), [0, 1, 2, 3]);
        var before = await cluster.EvaluateAsync();
        await cluster.TrainAsync(3);
        var tensors = cluster.First.LiveTensors;

        await cluster.TrainAsync();

        Assert.Equal(tensors, cluster.First.LiveTensors);
        var after = await cluster.EvaluateAsync();
        Assert.True(after.NegativeElbo < before.NegativeElbo - 20, $"The loss went from {before.NegativeElbo} to {after.NegativeElbo}.");
    }

    private static RunSpec SpecOf(string settings) => ASpec.With([.. settings == Convolutional ? [] : Small, .. settings.Split(' ')]);

    private static async Task<string> HashOfAsync(RunSpec spec, params int[][] shards)
    {
        await using var cluster = await LocalCluster.StartAsync(spec, shards);
        await cluster.TrainAsync();
        Assert.Equal(cluster.Store.StepCount, cluster.Records.Count);
        return cluster.Hash;
    }
}
