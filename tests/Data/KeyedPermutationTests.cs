using VaeCluster.Data;

namespace VaeCluster.Tests.Data;

public sealed class KeyedPermutationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(9_000)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    public void Order_OfAnySize_HasEveryElementOnce(int count)
    {
        var order = Order(1, 0, count);

        Assert.Equal(Enumerable.Range(0, count), order.Order());
    }

    [Fact]
    public void Order_OfTheGreatestSize_StaysInside()
    {
        var order = new KeyedPermutation(1, 0, int.MaxValue);

        int[] positions = [0, 1, 12345, int.MaxValue / 2, int.MaxValue - 1];
        Assert.Equal(positions.Length, positions.Select(position => order[position]).Distinct().Count());
        Assert.All(positions, position => Assert.InRange(order[position], 0, int.MaxValue - 1));
    }

    [Fact]
    public void Order_DependsOnSeedAndEpoch()
    {
        var order = Order(1, 0, 1000);

        Assert.Equal(order, Order(1, 0, 1000));
        // Two unrelated orders of a thousand agree in one place on average.
        Assert.InRange(Agreements(order, Order(1, 1, 1000)), 0, 8);
        Assert.InRange(Agreements(order, Order(2, 0, 1000)), 0, 8);
        Assert.InRange(Agreements(order, [.. Enumerable.Range(0, 1000)]), 0, 8);
    }

    /// <summary>Where each element comes to stand, counted over many epochs in ten by ten fields.</summary>
    [Fact]
    public void Order_OverManyEpochs_PutsEverythingEverywhere()
    {
        const int Count = 100;
        const int Epochs = 2000;
        const int Bins = 10;
        var counts = new int[Bins, Bins];
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            var order = Order(3, epoch, Count);
            for (var position = 0; position < Count; position++)
                counts[position * Bins / Count, order[position] * Bins / Count]++;
        }

        const double Expected = (double)Count * Epochs / (Bins * Bins);
        var chiSquare = counts.Cast<int>().Sum(count => Math.Pow(count - Expected, 2) / Expected);
        // 81 degrees of freedom, and the bins of one order are drawn without replacement: the 99.9 percentile is below 127.
        Assert.InRange(chiSquare, 30, 127);
    }

    [Fact]
    public void Order_OfNeighbours_IsNotKept()
    {
        var order = Order(1, 0, 10_000);

        var neighbours = order.Zip(order.Skip(1)).Count(pair => Math.Abs(pair.First - pair.Second) == 1);

        // Two of ten thousand are expected.
        Assert.InRange(neighbours, 0, 12);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(10)]
    public void Index_Outside_Throws(int position)
    {
        var order = new KeyedPermutation(1, 0, 10);

        Assert.Throws<ArgumentOutOfRangeException>(nameof(position), () => order[position]);
    }

    [Fact]
    public void Constructor_OfNothing_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>("count", () => new KeyedPermutation(1, 0, 0));

    private static int[] Order(long seed, long epoch, int count)
    {
        var order = new KeyedPermutation(seed, epoch, count);
        return [.. Enumerable.Range(0, count).Select(position => order[position])];
    }

    private static int Agreements(int[] first, int[] second) => first.Zip(second).Count(pair => pair.First == pair.Second);
}
