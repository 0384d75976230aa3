using VaeCluster.Training.Inference;

namespace VaeCluster.Tests.Training.Inference;

public sealed class NormalQuantileTests
{
    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.75, 0.67448975019608174)]
    [InlineData(0.9, 1.2815515655446004)]
    [InlineData(0.975, 1.9599639845400545)]
    [InlineData(0.999, 3.0902323061678132)]
    [InlineData(0.000001, -4.7534243088228987)]
    public void At_OfKnownShares_IsTheTablesValue(double share, double expected) =>
        Assert.Equal(expected, NormalQuantile.At(share), 1e-13);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void At_OutsideOfTheDistribution_IsRefused(double share) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => NormalQuantile.At(share));
}
