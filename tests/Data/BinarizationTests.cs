using VaeCluster.Contracts.Specs;
using VaeCluster.Data;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Data;

public sealed class BinarizationTests
{
    [Fact]
    public void None_LeavesValuesAsTheyAre() =>
        Assert.Equal([0.25f, 0, 1], Trained(BinarizationKind.None, [0.25f, 0, 1], 1, 0, 0));

    [Fact]
    public void Threshold_MakesOnesOfWhatIsAbove() =>
        Assert.Equal([0, 0, 1, 1], Trained(BinarizationKind.Threshold, [0, 0.3f, 0.31f, 1], 1, 0, 0, 0.3));

    [Theory]
    [InlineData(BinarizationKind.Static)]
    [InlineData(BinarizationKind.Dynamic)]
    public void Draws_HaveTheirProbability(BinarizationKind kind)
    {
        foreach (var p in new[] { 0f, 1 / 255f, 0.25f, 0.5f, 254 / 255f, 1f })
        {
            const int Count = 100_000;
            var ones = Enumerable.Range(0, Count / 1000).Sum(example => Trained(kind, [.. Enumerable.Repeat(p, 1000)], 1, 0, example).Sum());
            // Five standard deviations of a binomial count; none for the two certain values.
            Assert.InRange(ones - (p * Count), -5 * Math.Sqrt(Count * p * (1 - p)) - 0.01, (5 * Math.Sqrt(Count * p * (1 - p))) + 0.01);
        }
    }

    [Fact]
    public void Static_IsTheSameForEverySeedEpochAndUse()
    {
        var once = Fixed(BinarizationKind.Static, Grey, 3);

        Assert.Equal(once, Trained(BinarizationKind.Static, Grey, 1, 0, 3));
        Assert.Equal(once, Trained(BinarizationKind.Static, Grey, 2, 7, 3));
        Assert.NotEqual(once, Fixed(BinarizationKind.Static, Grey, 4));
    }

    [Fact]
    public void Dynamic_DependsOnSeedEpochAndExampleAlone()
    {
        var one = Trained(BinarizationKind.Dynamic, Grey, 1, 5, 3);

        Assert.Equal(one, Trained(BinarizationKind.Dynamic, Grey, 1, 5, 3));
        Assert.NotEqual(one, Trained(BinarizationKind.Dynamic, Grey, 2, 5, 3));
        Assert.NotEqual(one, Trained(BinarizationKind.Dynamic, Grey, 1, 6, 3));
        Assert.NotEqual(one, Trained(BinarizationKind.Dynamic, Grey, 1, 5, 4));
        Assert.Equal(Fixed(BinarizationKind.Static, Grey, 3), Fixed(BinarizationKind.Dynamic, Grey, 3));
    }

    [Fact]
    public void Dynamic_OfSomeBits_StaysAsItIs()
    {
        // Computed apart, in Python. The mapping from bits to pixels is part of the mathematics of runs that were made with it.
        var bits = string.Concat(Trained(BinarizationKind.Dynamic, [.. Enumerable.Repeat(0.5f, 20)], 1, 2, 3));

        Assert.Equal("10001011101001111101", bits);
    }

    [Fact]
    public void Dataset_ReadsThroughIt_AndKeepsItsHash()
    {
        var plain = DataSources.Open(ASpec.With("data.count=20", "data.test=5").Data);
        var spec = ASpec.With("data.count=20", "data.test=5", "data.binarize=dynamic").Data;
        var data = DataSources.Open(spec);
        var (first, second, evaluated) = (new float[2 * data.Dimensions], new float[data.Dimensions], new float[data.Dimensions]);

        data.CopyTrainingTo([4, 9], 1, 0, first);
        data.CopyTrainingTo([9], 1, 0, second);
        data.CopyTo([9], evaluated);

        Assert.Equal(first[data.Dimensions..], second);
        Assert.NotEqual(second, evaluated);
        Assert.All(first, value => Assert.True(value is 0 or 1));
        Assert.Equal(plain.Describe(spec), data.Describe(spec));
        Assert.Equal(plain.Labels!, data.Labels!);
        Assert.Equal(20, data.Factors!.Count);
    }

    private static float[] Grey { get; } = [.. Enumerable.Repeat(0.5f, 784)];

    private static float[] Trained(BinarizationKind kind, float[] values, long seed, int epoch, int example, double threshold = 0.5)
    {
        var copy = values.ToArray();
        new Binarization(kind, threshold).ApplyTraining(seed, epoch, example, copy);
        return copy;
    }

    private static float[] Fixed(BinarizationKind kind, float[] values, int example)
    {
        var copy = values.ToArray();
        new Binarization(kind, 0.5).ApplyFixed(example, copy);
        return copy;
    }
}
