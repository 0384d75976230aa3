using VaeCluster.Data.Randomness;
using VaeCluster.Training.Evaluation;

namespace VaeCluster.Tests.Training.Evaluation;

public sealed class AggregatePosteriorTests
{
    [Fact]
    public void Estimate_OfACollapsedPosterior_IsNothing()
    {
        var (information, marginal) = AggregatePosterior.Estimate(new float[300], new float[300], latent: 3, seed: 1);

        Assert.Equal(0, information, 1e-9);
        Assert.Equal(0, marginal, 1e-9);
    }

    [Fact]
    public void Estimate_OfPosteriorsFarApart_IsTheLogarithmOfTheirNumber()
    {
        // Each code identifies its example exactly.
        float[] means = [.. Enumerable.Range(0, 64).Select(n => 100f * n)];

        var (information, _) = AggregatePosterior.Estimate(means, new float[64], latent: 1, seed: 1);

        Assert.Equal(Math.Log(64), information, 1e-6);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Estimate_OfALinearGaussianChannel_IsItsMutualInformation(double noiseVariance)
    {
        // Means from N(0, 1 - s^2) and variances s^2 add up to N(0, 1): the marginal KL is 0, and I = -1/2 log s^2 in each dimension.
        const int Count = 3000;
        const int Latent = 2;
        var means = new float[Count * Latent];
        new CounterRandom(7, RandomPurpose.Initialization, 0).FillNormal(means);
        means = Array.ConvertAll(means, value => value * (float)Math.Sqrt(1 - noiseVariance));
        var logVariances = Enumerable.Repeat((float)Math.Log(noiseVariance), Count * Latent).ToArray();

        var (information, marginal) = AggregatePosterior.Estimate(means, logVariances, Latent, seed: 3);

        Assert.Equal(-0.5 * Latent * Math.Log(noiseVariance), information, 0.05);
        Assert.Equal(0, marginal, 0.05);
    }

    [Fact]
    public void Estimate_OfManyDimensions_AddsThemAll()
    {
        // 19 dimensions are more than the processor takes at once, and no multiple of that.
        const int Latent = 19;
        var means = new float[2 * Latent];
        means[^1] = 1000;

        Assert.Equal(Math.Log(2), AggregatePosterior.Estimate(means, new float[2 * Latent], Latent, seed: 1).MutualInformation, 1e-6);
    }
}
