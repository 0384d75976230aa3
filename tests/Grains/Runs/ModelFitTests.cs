using VaeCluster.Contracts.Specs;
using VaeCluster.Grains.Runs;

namespace VaeCluster.Grains.Tests.Runs;

/// <summary>What is refused of a spec and the data that it names, before anything starts.</summary>
public sealed class ModelFitTests
{
    [Theory]
    [InlineData("model.kind=conv28", 3, 28, 28, "model.kind is conv28, which takes images of 1x28x28, and the data's are 3x28x28. Choose a model of any size such as mlp, or set data.imageSize to 28 and data.channels to 1.")]
    [InlineData("model.kind=conv28 data.source=idx data.path=x", 1, 32, 28, "model.kind is conv28, which takes images of 1x28x28, and the data's are 1x32x28. Choose a model of any size such as mlp, or data of that shape.")]
    [InlineData("model.kind=conv64 objective.likelihood=gaussian", 1, 64, 64, "model.kind is conv64, which takes images of 3x64x64, and the data's are 1x64x64. Choose a model of any size such as mlp, or set data.imageSize to 64 and data.channels to 3.")]
    [InlineData("model.kind=vq", 1, 28, 30, "model.kind is vq, which takes images whose height and width are multiples of 4, and the data's are 1x28x30. Choose a model of any size such as mlp, or set data.imageSize to such a multiple.")]
    [InlineData("objective.samples=5000 training.batch=4096 training.shards=4", 1, 28, 28, "training.batch is 4096 over 4 shards and objective.samples is 5000, so a shard decodes 5120000 images at once, about 15312 MiB a layer; at most 4096 MiB are allowed. Ask for a smaller batch, more shards or fewer samples.")]
    [InlineData("objective.samples=5000 training.batch=256 training.shards=4 model.latent=4096 model.hidden=[8]", 1, 8, 8, "training.batch is 256 over 4 shards and objective.samples is 5000, so a shard decodes 320000 images at once, about 5000 MiB a layer; at most 4096 MiB are allowed. Ask for a smaller batch, more shards or fewer samples.")]
    [InlineData("logging.gridSide=32", 3, 256, 256, "logging.gridSide is 32, so an image grid has 1024 images of 3x256x256, 201326592 values; one grid has at most 67108864. Set it to 18 or less.")]
    [InlineData("resources.parameterServers=5 model.hidden=[400]", 1, 28, 28, "resources.parameterServers is 5, and the weights of model.kind mlp travel in 3 parts of at most 1 MiB; a parameter server owns at least one. Set it to 3 or less, or to 0.")]
    [InlineData("training.localSteps=6 training.batch=2 training.shards=2", 1, 8, 8, "training.localSteps is 6, and 10 examples in batches of 2 (training.batch) make 5 batches an epoch; the weights are exchanged at the end of every epoch, so a step takes no more batches than that. Set training.localSteps to 5 or less, or lower training.batch.")]
    public void Check_OfWhatDoesNotFit_SaysTheNumbers(string settings, int channels, int height, int width, string error) =>
        Assert.Equal(error, Assert.Single(ModelFit.Check(SpecOf(settings), new(channels, height, width, 10, 0, ""))).ToString());

    [Theory]
    [InlineData("model.kind=conv28", 1, 28)]
    [InlineData("model.kind=conv64 objective.likelihood=gaussian", 3, 64)]
    [InlineData("model.kind=vq", 3, 12)]
    [InlineData("model.kind=mlp", 3, 17)]
    [InlineData("training.localSteps=5 training.batch=2 training.shards=2", 1, 8)]
    public void Check_OfWhatFits_IsEmpty(string settings, int channels, int side) =>
        Assert.Empty(ModelFit.Check(SpecOf(settings), new(channels, side, side, 10, 0, "")));

    private static RunSpec SpecOf(string settings) => RunSpecReader.Read("", settings.Split(' ')).Spec!;
}
