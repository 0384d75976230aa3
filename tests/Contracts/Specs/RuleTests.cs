using VaeCluster.Contracts.Specs;

namespace VaeCluster.Tests.Contracts.Specs;

/// <summary>The rules that tie fields together, and the defaults that depend on other fields.</summary>
public sealed class RuleTests
{
    [Theory]
    [InlineData("", 4, 4)]
    [InlineData("resources.trainers.max=1", 1, 1)]
    [InlineData("resources.trainers.max=2", 2, 2)]
    [InlineData("resources.trainers.max=3", 4, 3)]
    [InlineData("resources.trainers.max=5", 8, 5)]
    [InlineData("training.shards=16", 16, 16)]
    [InlineData("training.shards=8 resources.trainers.max=2", 8, 2)]
    public void Shards_FollowTheTrainers(string overrides, int shards, int trainersMax)
    {
        var spec = Reading.Sound("", overrides.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(shards, spec.Training.Shards);
        Assert.Equal(trainersMax, spec.Resources.Trainers.Max);
    }

    [Theory]
    [InlineData("model.kind=mlp", "512", 20, ActivationKind.Relu)]
    [InlineData("model.kind=mlp-2d", "512", 2, ActivationKind.Relu)]
    [InlineData("model.kind=iwae-mlp", "200 200", 50, ActivationKind.Tanh)]
    [InlineData("model.kind=mlp-2d model.hidden=64 model.activation=elu", "64", 2, ActivationKind.Elu)]
    [InlineData("model.kind=iwae-mlp model.latent=3", "200 200", 3, ActivationKind.Tanh)]
    public void Preset_FillsInWhatIsNotGiven(string overrides, string hidden, int latent, ActivationKind activation)
    {
        var model = Reading.Sound("", overrides.Split(' ')).Model;

        Assert.Equal(hidden, string.Join(' ', model.Hidden!));
        Assert.Equal(latent, model.Latent);
        Assert.Equal(activation, model.Activation);
    }

    [Theory]
    [InlineData(
        "training.shards=3",
        "training.shards is 3; it must be a power of two, because shards are summed along a binary tree. Set it to 4.")]
    [InlineData(
        "training.shards=2 resources.trainers.max=3",
        "resources.trainers.max is 3 and training.shards is 2; a trainer needs a shard of its own. Set training.shards to 4, or ask for at most 2 trainers.")]
    [InlineData(
        "resources.trainers.min=3 resources.trainers.max=2",
        "resources.trainers.min is 3 and resources.trainers.max is 2; the least cannot be more than the most. Set resources.trainers.min to 2 or less.")]
    [InlineData(
        "resources.trainers.min=5",
        "resources.trainers.min is 5 and training.shards is 4; a trainer needs a shard of its own. Set resources.trainers.max to 5 or more, or training.shards to 8.")]
    [InlineData(
        "training.batch=3",
        "training.batch is 3 and there are 4 shards; each shard must have an example of every full batch. Set training.batch to at least 4, or training.shards to a power of two up to 3.")]
    [InlineData(
        "data.source=idx",
        "data.path is not given; the source idx must be told where its files are. Set it to the folder that holds the images file, e.g. --set data.path=/data/mnist.")]
    [InlineData(
        "data.source=images",
        "data.path is not given; the source images must be told where its files are. Set it to the folder that holds the images, e.g. --set data.path=/data/faces.")]
    [InlineData(
        "data.source=npy",
        "data.path is not given; the source npy must be told where its files are. Set it to the file, e.g. --set data.path=/data/digits.npz.")]
    [InlineData(
        "data.crop=148",
        "data.crop is 148, but data.source is shapes and only images has a use for it. Leave data.crop out, or set data.source to images.")]
    [InlineData(
        "data.array=x",
        "data.array is x, but data.source is shapes and only npy has a use for it. Leave data.array out, or set data.source to npy.")]
    [InlineData(
        "data.path=/data",
        "data.path is /data, but the source shapes is built in and reads no files. Leave data.path out, or set data.source to idx, images or npy.")]
    [InlineData(
        "data.count=10 data.train=8 data.test=3",
        "data.train and data.test ask for 11 examples and data.count is 10; both parts must fit. Raise data.count, or ask for fewer.")]
    [InlineData(
        "data.count=10 data.train=2147483647 data.test=2147483647",
        "data.train and data.test ask for 4294967294 examples and data.count is 10; both parts must fit. Raise data.count, or ask for fewer.")]
    [InlineData(
        "data.count=10 data.test=10",
        "data.test is 10 and data.count is 10; something must be left to train on. Set data.test to less than 10.")]
    [InlineData(
        "data.count=10 data.test=11",
        "data.test is 11 and data.count is 10; something must be left to train on. Set data.test to less than 10.")]
    [InlineData(
        "data.count=10000000 data.imageSize=256",
        "data.count is 10000000 and data.imageSize is 256, together 655360000000 bytes of pixels; at most 2147483591 fit in memory here. Ask for fewer or for smaller images.")]
    [InlineData(
        "model.hidden=[65536,65536]",
        "model.hidden is [65536, 65536], which makes a model of at least 8696890168 parameters; it must have at most 268435456. Use narrower layers, or fewer.")]
    [InlineData(
        "data.source=idx data.path=x model.hidden=[65536,65536]",
        "model.hidden is [65536, 65536], which makes a model of at least 8594128936 parameters; it must have at most 268435456. Use narrower layers, or fewer.")]
    [InlineData(
        "objective.beta.schedule=linear",
        "objective.beta.warmupSteps is 0; a linear schedule must say over how many steps beta rises. Set it to 1 or more, or objective.beta.schedule to constant.")]
    [InlineData(
        "objective.beta.warmupSteps=100",
        "objective.beta.warmupSteps is 100, but the schedule is constant and has no warm-up. Set objective.beta.schedule to linear, or leave the steps out.")]
    [InlineData(
        "optimizer.momentum=0.9",
        "optimizer.momentum is 0.9, but only sgd has one. Set optimizer.kind to sgd, or leave the momentum out; Adam's is optimizer.beta1.")]
    public void Rule_Broken_SaysWhatAndHow(string overrides, string fault) =>
        Assert.Equal(fault, Reading.Fault("", overrides.Split(' ')));

    [Fact]
    public void Rules_BrokenTogether_AreAllReported()
    {
        var faults = Reading.Faults("", "training.shards=6", "data.source=idx", "optimizer.momentum=0.5", "training.batch=2", "objective.beta.schedule=linear");

        Assert.Equal(
            ["training.shards", "data.path", "training.batch", "objective.beta.warmupSteps", "optimizer.momentum"],
            faults.Select(fault => fault.Split(' ')[0]));
    }

    [Fact]
    public void Rules_WaitUntilEachFieldIsSound() =>
        Assert.StartsWith("training.batch is x;", Reading.Fault("", "training.batch=x", "training.shards=3"), StringComparison.Ordinal);

    [Theory]
    [InlineData("data.count=10 data.train=7 data.test=3")]
    [InlineData("data.count=10 data.test=9")]
    [InlineData("data.test=0")]
    [InlineData("training.batch=4")]
    [InlineData("optimizer.kind=sgd optimizer.momentum=0.9")]
    [InlineData("resources.trainers.min=4 resources.trainers.max=4")]
    public void Rule_AtItsEdge_Holds(string overrides) => Reading.Sound("", overrides.Split(' '));
}
