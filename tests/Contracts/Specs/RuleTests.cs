using VaeCluster.Contracts.Architectures;

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
        var spec = Reading.Valid("", overrides.Split(' ', StringSplitOptions.RemoveEmptyEntries));

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
        var model = Reading.Valid("", overrides.Split(' ')).Model;

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
        "resources.trainers.min is 3 and resources.trainers.max is 2; the minimum must not exceed the maximum. Set resources.trainers.min to 2 or less.")]
    [InlineData(
        "resources.trainers.min=5",
        "resources.trainers.min is 5 and training.shards is 4; a trainer needs a shard of its own. Set resources.trainers.max to 5 or more, or training.shards to 8.")]
    [InlineData(
        "training.batch=3",
        "training.batch is 3 and there are 4 shards; each shard must have an example of every full batch. Set training.batch to at least 4, or training.shards to a power of two up to 3.")]
    [InlineData(
        "data.source=idx",
        "data.path is not given; the source idx needs the path of its files. Set it to the folder that holds the images file, e.g. --set data.path=/data/mnist.")]
    [InlineData(
        "data.source=images",
        "data.path is not given; the source images needs the path of its files. Set it to the folder that holds the images, e.g. --set data.path=/data/faces.")]
    [InlineData(
        "data.source=npy",
        "data.path is not given; the source npy needs the path of its files. Set it to the file, e.g. --set data.path=/data/digits.npz.")]
    [InlineData(
        "data.crop=148",
        "data.crop is 148, but data.source is shapes and only images uses it. Leave data.crop out, or set data.source to images.")]
    [InlineData(
        "data.threshold=0.3 data.binarize=static",
        "data.threshold is 0.3, but data.binarize is static and only threshold uses it. Leave data.threshold out, or set data.binarize to threshold.")]
    [InlineData(
        "data.array=x",
        "data.array is x, but data.source is shapes and only npy uses it. Leave data.array out, or set data.source to npy.")]
    [InlineData(
        "data.path=/data",
        "data.path is /data, but the source shapes reads no files. Leave data.path out, or set data.source to idx, images or npy.")]
    [InlineData(
        "data.count=10 data.train=8 data.test=3",
        "data.train and data.test ask for 11 examples and data.count is 10; both parts must fit. Raise data.count, or ask for fewer.")]
    [InlineData(
        "data.count=10 data.train=2147483647 data.test=2147483647",
        "data.train and data.test ask for 4294967294 examples and data.count is 10; both parts must fit. Raise data.count, or ask for fewer.")]
    [InlineData(
        "data.count=10 data.test=10",
        "data.test is 10 and data.count is 10; at least one example must be left for training. Set data.test to less than 10.")]
    [InlineData(
        "data.count=10 data.test=11",
        "data.test is 11 and data.count is 10; at least one example must be left for training. Set data.test to less than 10.")]
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
        "objective.beta.schedule=cyclical objective.beta.warmupSteps=20 objective.beta.period=10",
        "objective.beta.period is 10 and objective.beta.warmupSteps is 20; a cycle must be at least as long as its rise. Set it to 20 or more.")]
    [InlineData(
        "objective.beta.period=10",
        "objective.beta.period is 10, but a constant schedule has no cycles. Set objective.beta.schedule to cyclical, or leave the period out.")]
    [InlineData(
        "objective.beta.schedule=capacity objective.beta.warmupSteps=10",
        "objective.beta.capacity is 0; a capacity schedule must say which KL it ends at, in nats. Set it to e.g. 25.")]
    [InlineData(
        "objective.beta.capacity=2.5",
        "objective.beta.capacity is 2.5, but a constant schedule has none. Set objective.beta.schedule to capacity, or leave it out.")]
    [InlineData(
        "model.kind=conv64",
        "objective.likelihood is bernoulli, but conv64 ends in tanh, and its output in [-1, 1] is not a logit. Set objective.likelihood to gaussian.")]
    [InlineData(
        "model.kind=conv64 objective.likelihood=gaussian objective.mean=sigmoid",
        "objective.mean is sigmoid, but conv64 ends in tanh and gives the mean itself. Leave objective.mean out.")]
    [InlineData(
        "model.kind=conv64 objective.likelihood=gaussian objective.estimator=score-function",
        "objective.estimator is score-function, but conv64 normalises over the batch: the loss of an example depends on the draws of the others, and the estimate would be wrong. Set objective.estimator to reparameterization.")]
    [InlineData(
        "objective.sigmaMode=learned",
        "objective.sigmaMode is learned, but the likelihood is bernoulli and has no sigma. Set objective.likelihood to gaussian.")]
    [InlineData(
        "objective.mean=sigmoid",
        "objective.mean is sigmoid, but the likelihood is bernoulli and takes the output for logits already. Set objective.likelihood to gaussian, or leave objective.mean out.")]
    [InlineData(
        "objective.bound=iwae objective.beta.value=2",
        "objective.bound is iwae, which is a bound only with a constant beta of 1 and no free bits, and one of them differs here. Leave objective.beta, objective.freeBits and objective.collapse.action out, or set objective.bound to elbo.")]
    [InlineData(
        "objective.bound=iwae objective.estimator=sticking-the-landing",
        "objective.estimator is sticking-the-landing, but the gradient of iwae is estimated by reparameterization. Leave objective.estimator out, or set objective.bound to elbo.")]
    [InlineData(
        "objective.estimator=sticking-the-landing objective.freeBits=0.5",
        "objective.estimator is sticking-the-landing, which draws the KL, but free bits and a capacity need it in closed form. Set objective.estimator to reparameterization.")]
    [InlineData(
        "objective.beta.schedule=capacity objective.beta.warmupSteps=10 objective.beta.capacity=5 objective.freeBits=0.5",
        "objective.freeBits is 0.5, but the schedule is capacity, which already sets the KL. Leave one of them out.")]
    [InlineData(
        "objective.beta.schedule=capacity objective.beta.warmupSteps=10 objective.beta.capacity=5 objective.collapse.action=lower-beta",
        "objective.collapse.action is lower-beta, but with a capacity schedule a larger weight keeps the posterior from collapsing, and a lower one does not. Leave objective.collapse.action out, or choose another schedule.")]
    [InlineData(
        "model.kind=ae objective.samples=2",
        "objective.samples is set, but the model ae has no posterior, so the field has no effect. Leave it out, or choose a model that has one, such as mlp.")]
    [InlineData(
        "model.kind=vq objective.beta.value=2",
        "objective.beta is set, but the model vq has no posterior, so the field has no effect. Leave it out, or choose a model that has one, such as mlp.")]
    [InlineData(
        "model.kind=conv28 model.hidden=[512]",
        "model.hidden is [512], but the layers of conv28 are fixed. Leave model.hidden out, or set model.kind to mlp.")]
    [InlineData(
        "model.kind=conv28 model.activation=relu",
        "model.activation is relu, but the nonlinearities of conv28 are part of it. Leave model.activation out.")]
    [InlineData(
        "model.kind=vq model.hidden=[64,64]",
        "model.hidden is [64, 64]; for vq it must be one number, the channels of its convolutions. Write it like [64].")]
    [InlineData(
        "data.channels=2",
        "data.channels is 2; an image has 1, which is grey, or 3, which are red, green and blue. Set it to 1 or 3.")]
    [InlineData(
        "optimizer.momentum=0.9",
        "optimizer.momentum is 0.9, but only sgd has one. Set optimizer.kind to sgd, or leave the momentum out; Adam's is optimizer.beta1.")]
    [InlineData(
        "optimizer.outer.momentum=0.5",
        "optimizer.outer.momentum is 0.5 and training.localSteps is 1; without local steps there is no outer update, so the field has no effect. Set training.localSteps to 2 or more, or leave the field out.")]
    [InlineData(
        "optimizer.outer.kind=sgd",
        "optimizer.outer.kind is sgd and training.localSteps is 1; without local steps there is no outer update, so the field has no effect. Set training.localSteps to 2 or more, or leave the field out.")]
    [InlineData(
        "optimizer.outer.innerState=reset",
        "optimizer.outer.innerState is reset and training.localSteps is 1; without local steps there is no outer update, so the field has no effect. Set training.localSteps to 2 or more, or leave the field out.")]
    [InlineData(
        "optimizer.outer.learningRate=1",
        "optimizer.outer.learningRate is 1 and training.localSteps is 1; without local steps there is no outer update, so the field has no effect. Set training.localSteps to 2 or more, or leave the field out.")]
    public void Rule_Broken_SaysWhatAndHow(string overrides, string error) =>
        Assert.Equal(error, Reading.Error("", overrides.Split(' ')));

    [Fact]
    public void Rules_BrokenTogether_AreAllReported()
    {
        var errors = Reading.Errors("", "training.shards=6", "data.source=idx", "optimizer.momentum=0.5", "training.batch=2", "objective.beta.schedule=linear");

        Assert.Equal(
            ["training.shards", "data.path", "training.batch", "objective.beta.warmupSteps", "optimizer.momentum"],
            errors.Select(error => error.Split(' ')[0]));
    }

    [Fact]
    public void Rules_WaitUntilEachFieldIsValid() =>
        Assert.StartsWith("training.batch is x;", Reading.Error("", "training.batch=x", "training.shards=3"), StringComparison.Ordinal);

    [Theory]
    [InlineData("data.count=10 data.train=7 data.test=3")]
    [InlineData("data.count=10 data.test=9")]
    [InlineData("data.test=0")]
    [InlineData("training.batch=4")]
    [InlineData("optimizer.kind=sgd optimizer.momentum=0.9")]
    [InlineData("training.localSteps=2 optimizer.outer.kind=sgd optimizer.outer.learningRate=1 optimizer.outer.momentum=0")]
    [InlineData("resources.trainers.min=4 resources.trainers.max=4")]
    public void Rule_AtItsEdge_Holds(string overrides) => Reading.Valid("", overrides.Split(' '));
}
