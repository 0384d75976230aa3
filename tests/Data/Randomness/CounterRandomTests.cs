using System.Runtime.InteropServices;
using System.Security.Cryptography;
using VaeCluster.Data.Randomness;

namespace VaeCluster.Tests.Data.Randomness;

public sealed class CounterRandomTests
{
    private const int Draws = 1_000_000;

    [Fact]
    public void FillNormal_Moments_AreThoseOfTheStandardNormal()
    {
        var values = new float[Draws];
        new CounterRandom(42, RandomPurpose.TrainingNoise, 0).FillNormal(values);

        // Each bound is five standard errors of its estimate over a million draws.
        Assert.InRange(values.Average(value => (double)value), -0.005, 0.005);
        Assert.InRange(values.Average(value => Math.Pow(value, 2)), 1 - 0.0071, 1 + 0.0071);
        Assert.InRange(values.Average(value => Math.Pow(value, 3)), -0.0194, 0.0194);
        Assert.InRange(values.Average(value => Math.Pow(value, 4)), 3 - 0.049, 3 + 0.049);
        Assert.InRange(values.Count(value => Math.Abs(value) > 1.959964) / (double)Draws, 0.05 - 0.0011, 0.05 + 0.0011);
        Assert.All(values, value => Assert.True(float.IsFinite(value)));
    }

    /// <summary>The polynomials against the system's functions, and the words at the ends of their ranges among them.</summary>
    [Fact]
    public void FillNormal_IsTheFormulaOfBoxAndMuller()
    {
        var random = new CounterRandom(3, RandomPurpose.TrainingNoise, 0);
        var values = new float[400_000];
        random.FillNormal(values);

        for (var i = 0; i < values.Length; i += 2)
        {
            var block = random.Block((uint)(i / 4));
            var (radiusWord, angleWord) = i % 4 == 0 ? (block.A, block.B) : (block.C, block.D);
            var radius = Math.Sqrt(-2 * Math.Log((radiusWord + 1.0) / 4294967296.0));
            var (sin, cos) = Math.SinCos(2 * Math.PI * angleWord / 4294967296.0);
            Assert.InRange(values[i] - (radius * cos), -4e-7, 4e-7);
            Assert.InRange(values[i + 1] - (radius * sin), -4e-7, 4e-7);
        }
    }

    [Fact]
    public void FillNormal_IsTheSameOnEveryMachine()
    {
        var values = new float[10_000];
        new CounterRandom(1, RandomPurpose.TrainingNoise, 0).FillNormal(values);

        Assert.Equal("fb589c2da76c6d2b9a34efb8494cf2d9845683fdb8d2192ce82c94734e3dee24", Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(values.AsSpan()))));
    }

    [Fact]
    public void FillNormal_Neighbours_AreNotCorrelated()
    {
        var values = new float[Draws];
        new CounterRandom(7, RandomPurpose.TrainingNoise, 3, 1).FillNormal(values);

        for (var distance = 1; distance <= 4; distance++)
            Assert.InRange(values.Zip(values.Skip(distance)).Average(pair => (double)pair.First * pair.Second), -0.005, 0.005);
    }

    [Fact]
    public void FillUniform_StaysInRangeAndFillsItEvenly()
    {
        const int Bins = 20;
        var values = new float[Draws];
        new CounterRandom(1, RandomPurpose.Initialization, 0).FillUniform(values, -0.5f, 0.5f);

        Assert.All(values, value => Assert.InRange(value, -0.5f, 0.5f));
        var counts = values.GroupBy(value => (int)((value + 0.5) * Bins)).ToDictionary(group => group.Key, group => group.Count());
        // The 99.9 percentile of chi-square with 19 degrees of freedom.
        Assert.InRange(Enumerable.Range(0, Bins).Sum(bin => Math.Pow(counts[bin] - (Draws / Bins), 2) / (Draws / Bins)), 0, 43.8);
    }

    [Fact]
    public void Streams_OfDifferentPlaces_ShareNothing()
    {
        CounterRandom[] streams =
        [
            new(1, RandomPurpose.TrainingNoise, 0, 0),
            new(2, RandomPurpose.TrainingNoise, 0, 0),
            new(-1, RandomPurpose.TrainingNoise, 0, 0),
            new(1L << 40, RandomPurpose.TrainingNoise, 0, 0),
            new(1, RandomPurpose.EvaluationNoise, 0, 0),
            new(1, RandomPurpose.TrainingNoise, 1, 0),
            new(1, RandomPurpose.TrainingNoise, 1L << 40, 0),
            new(1, RandomPurpose.TrainingNoise, 0, 1),
            new(1, RandomPurpose.TrainingNoise, 0, 0xFF_FFFF),
            new(1, RandomPurpose.Samples, 0, 0),
        ];

        var blocks = streams.SelectMany(stream => Enumerable.Range(0, 1000).Select(i => stream.Block((uint)i))).ToList();

        Assert.Equal(blocks.Count, blocks.Distinct().Count());
    }

    [Fact]
    public void Stream_OfOnePlace_IsAlwaysTheSame()
    {
        var (first, second) = (new float[100], new float[100]);
        new CounterRandom(5, RandomPurpose.TrainingNoise, 17, 3).FillNormal(first);
        new CounterRandom(5, RandomPurpose.TrainingNoise, 17, 3).FillNormal(second);

        Assert.Equal(first, second);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0x100_0000)]
    public void Constructor_WithAMinorIndexOutsideItsBits_Throws(int minor) =>
        Assert.Throws<ArgumentOutOfRangeException>(nameof(minor), () => new CounterRandom(1, RandomPurpose.TrainingNoise, 0, minor));
}
