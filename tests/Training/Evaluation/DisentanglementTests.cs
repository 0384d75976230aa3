using VaeCluster.Data;
using VaeCluster.Data.Randomness;
using VaeCluster.Training.Evaluation;

namespace VaeCluster.Tests.Training.Evaluation;

/// <summary>The scores that need the true factors, of codes whose scores are known.</summary>
public sealed class DisentanglementTests
{
    private const int Count = 3000;
    private static readonly int[] Sizes = [3, 4, 5];

    /// <summary>Every combination of the factors, again and again.</summary>
    private static readonly int[][] Factors = [.. Enumerable.Range(0, Count).Select(n => new[] { n % 3, n / 3 % 4, n / 12 % 5 })];

    private static FactorTable Table => new(["a", "b", "c"], Sizes, [.. Factors.SelectMany(row => row)]);

    [Fact]
    public void Scores_OfACodeThatIsTheFactors_AreOne()
    {
        // Dimension 0 is dead, and the others are the factors in another order.
        var codes = Codes(4, (n, dimension) => dimension == 0 ? 0 : Factors[n][3 - dimension]);

        var gaps = MutualInformationGap.Of(codes, 4, Table, 0);

        Assert.Equal([3, 2, 1], gaps.Select(gap => gap.Dimension));
        Assert.All(gaps, gap => Assert.Equal(1, gap.Gap, 1e-9));
        Assert.Equal(Math.Log(3), gaps[0].MutualInformation, 1e-9);
        Assert.Equal(1, FactorVaeScore.Of(codes, 4, Table, 0, seed: 1));
    }

    [Fact]
    public void Scores_OfNoise_AreThoseOfChance()
    {
        var noise = new float[Count * 4];
        new CounterRandom(5, RandomPurpose.Initialization, 0).FillNormal(noise);

        Assert.All(MutualInformationGap.Of(noise, 4, Table, 0), gap => Assert.InRange(gap.Gap, 0, 0.02));
        Assert.InRange(FactorVaeScore.Of(noise, 4, Table, 0, seed: 1), 0.25, 0.45);
    }

    [Fact]
    public void Gap_OfAFactorThatTwoDimensionsTell_IsNone()
    {
        var codes = Codes(2, (n, _) => Factors[n][0]);

        Assert.Equal(0, MutualInformationGap.Of(codes, 2, Table, 0)[0].Gap, 1e-12);
    }

    [Fact]
    public void Scores_OfACollapsedCode_AreZero()
    {
        var codes = new float[Count * 2];

        Assert.All(MutualInformationGap.Of(codes, 2, Table, 0), gap => Assert.Equal(0, gap.Gap));
        Assert.Equal(0, FactorVaeScore.Of(codes, 2, Table, 0, seed: 1));
    }

    [Fact]
    public void Scores_OfExamplesThatShareNoValue_AreThereAllTheSame()
    {
        var table = new FactorTable(["a", "b"], [2, 2], [0, 1, 1, 0]);

        Assert.Equal(0, FactorVaeScore.Of([-1, 1], 1, table, 0, seed: 1));
        Assert.All(MutualInformationGap.Of([-1, 1], 1, table, 0), gap => Assert.Equal(1, gap.Gap, 1e-9));
    }

    [Fact]
    public void Scores_TakeTheFactorsOfTheExamplesThatTheyAreToldOf()
    {
        // The last half of the examples, whose codes are their factors.
        const int First = Count / 2;
        var codes = Codes(3, (n, dimension) => Factors[First + n][dimension], Count - First);

        Assert.All(MutualInformationGap.Of(codes, 3, Table, First), gap => Assert.Equal(1, gap.Gap, 1e-9));
        Assert.Equal(1, FactorVaeScore.Of(codes, 3, Table, First, seed: 1));
    }

    [Fact]
    public void ActiveUnits_AreThoseWhoseMeanVaries() =>
        Assert.Equal(2, ActiveUnits.Count([0.5, 0.0100001, 0.01, 0]));

    private static float[] Codes(int latent, Func<int, int, float> value, int count = Count) =>
        [.. Enumerable.Range(0, count * latent).Select(i => value(i / latent, i % latent))];
}
