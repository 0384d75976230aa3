using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Parameters.Vectors;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Training.Workers;

/// <summary>Every model and objective trains, learns, and ends with the same bits however its shards are assigned.</summary>
public sealed class FamilyTests
{
    private static readonly string[] Shapes28 = ["data.count=200", "data.test=40", "training.batch=32", "training.shards=4", "training.epochs=3"];
    private static readonly string[] Shapes12 = [.. Shapes28, "data.imageSize=12", "model.hidden=[32]", "model.latent=4"];
    private static readonly string[] Shapes64 = ["data.imageSize=64", "data.channels=3", "data.count=40", "data.test=12", "training.batch=16", "training.shards=4", "training.epochs=2", "model.kind=conv64", "objective.likelihood=gaussian", "objective.sigma=0.2"];

    public static TheoryData<string> Objectives => new(
        "objective.beta.value=4",
        "objective.beta.schedule=linear objective.beta.warmupSteps=5",
        "objective.beta.schedule=cyclical objective.beta.warmupSteps=3 objective.beta.period=6",
        "objective.beta.schedule=sigmoid objective.beta.warmupSteps=9",
        "objective.beta.schedule=capacity objective.beta.warmupSteps=9 objective.beta.capacity=5 objective.beta.value=10",
        "objective.freeBits=0.5",
        "objective.samples=3",
        "objective.bound=iwae objective.samples=5",
        "objective.estimator=score-function",
        "objective.estimator=score-function objective.samples=2",
        "objective.estimator=sticking-the-landing",
        "objective.likelihood=gaussian objective.sigma=0.5 objective.sigmaMode=learned",
        "objective.likelihood=gaussian objective.mean=sigmoid objective.sigma=0.3",
        "model.kind=ae",
        "model.kind=ae objective.likelihood=gaussian");

    [Theory]
    [MemberData(nameof(Objectives))]
    public Task Objective_Trains_ToTheSameBits(string settings) => TrainsAsync([.. Shapes12, .. settings.Split(' ')]);

    [Theory]
    [InlineData("model.kind=mlp")]
    [InlineData("model.kind=mlp-2d")]
    [InlineData("model.kind=iwae-mlp")]
    [InlineData("model.kind=conv28")]
    [InlineData("model.kind=conv28 model.latent=20")]
    [InlineData("model.kind=vq model.hidden=[16] model.codes=32 objective.likelihood=gaussian objective.sigma=0.3")]
    public Task Model_Trains_ToTheSameBits(string settings) => TrainsAsync([.. Shapes28, .. settings.Split(' ')]);

    [Fact]
    public Task Conv64_Trains_ToTheSameBits() => TrainsAsync(Shapes64);

    [Fact]
    public async Task Conv64_RunningStatistics_AreTheMeanOverTheShards()
    {
        await using var cluster = await LocalCluster.StartAsync(ASpec.With(Shapes64), [0, 1, 2, 3]);
        var slot = cluster.Store.Layout.Slots.Single(slot => slot.Name == "encoder.0.1.running_mean");
        var before = cluster.Weights;
        var sum = new float[slot.Length];
        for (var shard = 0; shard < 4; shard++)
        {
            var blocks = await cluster.First.ComputeAsync(before, [shard], TestContext.Current.CancellationToken);
            var values = Read([.. blocks.Select(block => block.Payload)], slot);
            for (var i = 0; i < sum.Length; i++)
                sum[i] += values[i];
        }

        await cluster.TrainAsync(1);

        var after = Read(cluster.Weights.Parts, slot);
        Assert.All(after.Zip(sum), pair => Assert.Equal(pair.Second / 16, pair.First, 1e-6f));
        Assert.Contains(after, value => Math.Abs(value) > 1e-4f);
    }

    [Fact]
    public async Task Conv64_Evaluation_GoesByTheRunningStatistics()
    {
        await using var cluster = await LocalCluster.StartAsync(ASpec.With(Shapes64), [0, 1, 2, 3]);
        await cluster.TrainAsync(4);
        var weights = cluster.Weights;
        var asTrained = (await cluster.First.EvaluateAsync(weights, [0], samples: 0))[0].Losses;
        var slot = cluster.Store.Layout.Slots.Single(slot => slot.Name == "decoder.4.1.running_var");
        var changed = WeightsSnapshot.Wrap(weights.Step, weights.IsFinal, weights.ToArrays());
        PartedVectorWriter.Fill(changed.Parts, slot, 9f);

        var asChanged = (await cluster.First.EvaluateAsync(changed, [0], samples: 0))[0].Losses;

        Assert.NotEqual(asTrained.Reconstruction, asChanged.Reconstruction);
        // Training normalises by the batch, and hears nothing of it.
        var (one, other) = (await cluster.First.ComputeAsync(weights, [0], TestContext.Current.CancellationToken), await cluster.First.ComputeAsync(changed, [0], TestContext.Current.CancellationToken));
        Assert.Equal(one[0].Losses, other[0].Losses);
        Assert.Equal(one[0].Payload.Bytes, other[0].Payload.Bytes);
    }

    [Fact]
    public async Task Sigma_Learned_GoesToTheErrorsDeviation()
    {
        string[] settings = [.. Shapes12, "training.epochs=60", "objective.likelihood=gaussian", "objective.sigmaMode=learned", "optimizer.learningRate=0.01"];
        await using var cluster = await LocalCluster.StartAsync(ASpec.With(settings), [0, 1, 2, 3]);

        await cluster.TrainAsync();

        // At its optimum sigma^2 is the mean squared error, and then the term is D (1/2 + log sigma + 1/2 log 2 pi).
        var slot = cluster.Store.Layout.Slots.Single(slot => slot.Name == "log_scale");
        var logSigma = Read(cluster.Weights.Parts, slot)[0];
        var losses = cluster.Records[^6..].Select(record => record.Losses).Aggregate((sum, next) => sum + next);
        Assert.InRange(logSigma, -3, -1);
        Assert.Equal(144 * (0.5 + logSigma + (0.5 * Math.Log(2 * Math.PI))), losses.Reconstruction / losses.Examples, 15.0);
    }

    /// <summary>Two trainers with scattered shards end where one ends; it learns; it can be evaluated and plotted.</summary>
    private static async Task TrainsAsync(string[] settings)
    {
        await using var one = await LocalCluster.StartAsync(ASpec.With(settings), [0, 1, 2, 3]);
        await using var two = await LocalCluster.StartAsync(ASpec.With(settings), [1, 2], [0, 3]);
        var before = await one.EvaluateAsync();

        await one.TrainAsync();
        await two.TrainAsync();

        Assert.Equal(one.Hash, two.Hash);
        Assert.Equal(one.Records.Select(record => record.Losses), two.Records.Select(record => record.Losses));
        var after = await one.EvaluateAsync();
        Assert.True(after.Reconstruction < before.Reconstruction, $"The reconstruction went from {before.Reconstruction} to {after.Reconstruction}.");
        foreach (var kind in Enum.GetValues<ImageKind>())
            Assert.NotEmpty((await one.First.RenderAsync(one.Weights, kind)).Content);
    }

    private static float[] Read(IReadOnlyList<PartBuffer> parts, ParameterSlot slot)
    {
        var values = new float[slot.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = parts[(slot.Offset + i) / ParameterLayout.PartLengthMax].Values[(slot.Offset + i) % ParameterLayout.PartLengthMax];
        return values;
    }
}

/// <summary>Overwrites a tensor in the parts of a flat vector.</summary>
file static class PartedVectorWriter
{
    public static void Fill(IReadOnlyList<PartBuffer> parts, ParameterSlot slot, float value)
    {
        for (var i = slot.Offset; i < slot.Offset + slot.Length; i++)
            parts[i / ParameterLayout.PartLengthMax].Values[i % ParameterLayout.PartLengthMax] = value;
    }
}
