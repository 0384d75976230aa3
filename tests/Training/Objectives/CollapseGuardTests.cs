using VaeCluster.Contracts.Specs;
using VaeCluster.Parameters.Store;
using VaeCluster.Tests.Support;
using VaeCluster.Tests.Training.Workers;

namespace VaeCluster.Tests.Training.Objectives;

/// <summary>A posterior that is made to collapse, by a beta that is far too high.</summary>
public sealed class CollapseGuardTests
{
    private static readonly string[] Collapsing =
    [
        "data.count=120", "data.test=20", "data.imageSize=12", "model.hidden=[32]", "model.latent=2", "training.batch=20", "training.shards=4", "training.epochs=16",
        "objective.beta.value=400", "optimizer.learningRate=0.005",
        "objective.collapse.action=lower-beta", "objective.collapse.steps=10", "objective.collapse.factor=0.1",
    ];

    [Fact]
    public async Task Beta_OfACollapsedPosterior_IsLowered_AndTheKlComesBack()
    {
        await using var cluster = await LocalCluster.StartAsync(ASpec.With(Collapsing), [0, 1, 2, 3]);

        await cluster.TrainAsync();

        var betas = cluster.Records.Select(record => record.Beta).ToList();
        var kls = cluster.Records.Select(record => record.Losses.Kl / record.Losses.Examples).ToList();
        Assert.All(betas[..10], beta => Assert.Equal(400, beta));
        Assert.True(betas[^1] < 40, $"Beta ended at {betas[^1]}.");
        Assert.InRange(kls[5..20].Min(), 0, 0.1);
        Assert.True(kls[^1] > 0.1, $"The KL ended at {kls[^1]}.");
        // The records give the same decisions as the trainers made: each lowering follows ten steps whose mean is below the threshold.
        for (var step = 10; step < betas.Count; step++)
        {
            var isLowered = step % 10 == 0 && kls[(step - 10)..step].Average() < 0.1;
            Assert.Equal(betas[step - 1] * (isLowered ? 0.1 : 1), betas[step], betas[step] * 1e-9);
        }
    }

    [Fact]
    public async Task Weights_AreTheSameBits_HoweverShardsAreAssigned_AndAfterACheckpoint()
    {
        var spec = ASpec.With(Collapsing);
        await using var one = await LocalCluster.StartAsync(spec, [0, 1, 2, 3]);
        await using var two = await LocalCluster.StartAsync(spec, [3, 1], [0, 2]);
        await one.TrainAsync();
        await two.TrainAsync(35);

        // The store is lost in the middle of a count, and comes back from what was captured of it.
        var restored = new ParameterStore(spec, two.Data, two.Store.Layout, two.Store.Capture(0));
        Assert.Equal(two.Hash, restored.AcquireWeights().ToSha256());
        two.Store = restored;
        await two.TrainAsync();

        Assert.Equal(one.Hash, two.Hash);
        Assert.Equal(one.Records.Select(record => record.Beta), two.Records.Select(record => record.Beta));
    }

    [Fact]
    public async Task Warning_ChangesNoBit()
    {
        string[] warning = [.. Collapsing, "objective.collapse.action=warn", "training.epochs=2"];
        await using var one = await LocalCluster.StartAsync(ASpec.With(warning), [0, 1, 2, 3]);
        await using var two = await LocalCluster.StartAsync(ASpec.With([.. warning, "objective.collapse.threshold=0"]), [0, 1, 2, 3]);

        await one.TrainAsync();
        await two.TrainAsync();

        Assert.Equal(one.Hash, two.Hash);
        Assert.All(one.Records, record => Assert.Equal(400, record.Beta));
        Assert.DoesNotContain(one.Store.Layout.Slots, slot => slot.IsBuffer);
        Assert.Equal(CollapseAction.Warn, one.Spec.Objective.Collapse.Action);
    }
}
