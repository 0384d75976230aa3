using System.Security.Cryptography;
using VaeCluster.Data;

namespace VaeCluster.Tests.Data;

public sealed class ShapesSourceTests
{
    [Fact]
    public void Draw_IsAlwaysTheSame() =>
        Assert.Equal("5d137a785e2c0347416688b0fd0a8aaf1eecafd80be8eca15a0316643d5c3f60", Hash(ShapesSource.Draw(60, 28)));

    [Fact]
    public void Draw_Fewer_AreTheFirstOfMore()
    {
        var (few, many) = (Pixels(ShapesSource.Draw(10, 16)), Pixels(ShapesSource.Draw(40, 16)));

        Assert.Equal(many[..few.Length], few);
    }

    [Fact]
    public void Factors_StayInTheirRangesAndFillThem()
    {
        var factors = Enumerable.Range(0, 3000).Select(ShapesSource.FactorsOf).ToList();

        Assert.Equal([1000, 1000, 1000], factors.CountBy(factor => factor.Shape).OrderBy(pair => pair.Key).Select(pair => pair.Value));
        Fills(factors.Select(factor => factor.Scale), 0.15, 0.27);
        Fills(factors.Select(factor => factor.Rotation), 0, 2 * Math.PI);
        Fills(factors.Select(factor => factor.X), 0.3, 0.7);
        Fills(factors.Select(factor => factor.Y), 0.3, 0.7);
    }

    [Fact]
    public void Draw_EveryShape_IsSeenAndNoneFillsItsImage()
    {
        const int Size = 28;
        var data = ShapesSource.Draw(300, Size);
        var pixels = Pixels(data);

        for (var i = 0; i < data.Count; i++)
        {
            var factors = ShapesSource.FactorsOf(i);
            var area = pixels.AsSpan(i * Size * Size, Size * Size).ToArray().Sum() / (Size * Size);
            // In units of the half extent squared: a square of side 1.6, an ellipse of half axes 1 and 1/2, a heart of about 3.66 / 1.44.
            var expected = factors.Shape switch { 0 => 2.56, 1 => Math.PI / 2, _ => 2.54 } * factors.Scale * factors.Scale;
            Assert.InRange(area, 0.9 * expected, 1.1 * expected);
            Assert.Equal(factors.Shape, data.Labels![i]);
        }
    }

    [Fact]
    public void Factors_OfTheDataset_AreTheBinsOfTheTrueOnes()
    {
        var data = ShapesSource.Draw(3000, 8);

        var table = data.Factors!;
        Assert.Equal((3000, 5), (table.Count, table.Names.Count));
        for (var i = 0; i < data.Count; i++)
        {
            var (found, middle) = (ShapesSource.FactorsOf(i), ShapesSource.FactorsAt(table.Of(i)));
            Assert.Equal(found.Shape, middle.Shape);
            Assert.InRange(found.Scale - middle.Scale, -0.0100001, 0.0100001); // Half of 0.12 / 6, and so on.
            Assert.InRange(found.Rotation - middle.Rotation, (-Math.PI / 10) - 1e-9, (Math.PI / 10) + 1e-9);
            Assert.InRange(found.X - middle.X, -0.0200001, 0.0200001);
            Assert.InRange(found.Y - middle.Y, -0.0200001, 0.0200001);
        }
        for (var factor = 0; factor < table.Sizes.Count; factor++)
        {
            var counts = Enumerable.Range(0, data.Count).CountBy(i => table.Of(i)[factor]).ToDictionary();
            Assert.Equal(Enumerable.Range(0, table.Sizes[factor]), counts.Keys.Order());
            Assert.All(counts.Values, count => Assert.InRange(count, 0.95 * 3000 / table.Sizes[factor], 1.05 * 3000 / table.Sizes[factor]));
        }
    }

    [Fact]
    public void Render_At64Pixels_HasTheCentreAndTheAreaOfItsFactors()
    {
        const int Size = 64;
        var data = ShapesSource.Draw(90, Size);
        var pixels = Pixels(data);

        for (var i = 0; i < data.Count; i++)
        {
            var factors = ShapesSource.FactorsOf(i);
            if (factors.Shape == 2)
                continue; // A heart's centre of mass is not its origin.
            var image = pixels.AsSpan(i * Size * Size, Size * Size).ToArray();
            var area = image.Sum();
            Assert.Equal(factors.X, image.Select((value, j) => value * ((j % Size) + 0.5) / Size).Sum() / area, 0.002);
            Assert.Equal(factors.Y, image.Select((value, j) => value * ((j / Size) + 0.5) / Size).Sum() / area, 0.002);
        }
    }

    [Theory]
    [InlineData(0, 28)]
    [InlineData(1, 0)]
    public void Draw_OfNothing_Throws(int count, int size) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ShapesSource.Draw(count, size));

    private static void Fills(IEnumerable<double> values, double low, double high)
    {
        const int Bins = 10;
        var counts = values.GroupBy(value => (int)Math.Floor((value - low) / (high - low) * Bins)).OrderBy(group => group.Key).ToList();

        Assert.Equal(Enumerable.Range(0, Bins), counts.Select(group => group.Key));
        Assert.All(counts, group => Assert.InRange(group.Count(), 290, 310));
    }

    private static float[] Pixels(Dataset data)
    {
        var values = new float[data.Count * data.Dimensions];
        data.CopyTo([.. Enumerable.Range(0, data.Count)], values);
        return values;
    }

    private static string Hash(Dataset data) =>
        Convert.ToHexStringLower(SHA256.HashData([.. Pixels(data).Select(value => (byte)Math.Round(255 * value))]));
}
