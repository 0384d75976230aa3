
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Training.Workers;

/// <summary>Two epochs of a small problem: not far, but nowhere near where a wrong gradient or a lost example would end.</summary>
public sealed class ConvergenceTests
{
    [Fact]
    public Task Train_TwoEpochsOfShapes_LowersTheTestLoss() => LowersTheTestLossAsync(150, 170, "data.count=2500");

    [Fact]
    public Task Train_TwoEpochsOfRealImages_LowersTheTestLoss()
    {
        var images = RealImages.Find();
        Assert.SkipWhen(images is null, "There are no real images here; Debian's package dataset-fashion-mnist has some.");
        return LowersTheTestLossAsync(images.LossMin, images.LossMax, "data.source=idx", $"data.path={images.Path}", "data.train=2000");
    }

    private static async Task LowersTheTestLossAsync(double least, double most, params string[] data)
    {
        await using var cluster = await LocalCluster.StartAsync(ASpec.With([.. data, "data.test=500", "training.epochs=2", "training.shards=2"]), [0], [1]);
        var (before, _, _) = await cluster.EvaluateAsync();

        await cluster.TrainAsync();
        var (after, reconstruction, kl) = await cluster.EvaluateAsync();

        Assert.InRange(before, 540, 560); // 784 pixels at ln 2 each.
        Assert.Equal(after, reconstruction + kl, 1e-9);
        Assert.InRange(after, least, most);
    }
}
