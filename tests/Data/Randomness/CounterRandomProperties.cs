using CsCheck;
using VaeCluster.Data.Randomness;

namespace VaeCluster.Tests.Data.Randomness;

/// <summary>What holds for every key, place and range. A failure prints its seed.</summary>
public sealed class CounterRandomProperties
{
    private static readonly Gen<CounterRandom> Streams =
        from seed in Gen.Long
        from purpose in Gen.Enum<RandomPurpose>()
        from major in Gen.Long[0, long.MaxValue]
        from minor in Gen.Int[0, 0xFF_FFFF]
        select new CounterRandom(seed, purpose, major, minor);

    [Fact]
    public void FillUniform_OfAnyRange_StaysInIt() => Gen.Select(Streams, Gen.Float[-1e6f, 1e6f], Gen.Float[0, 1e6f], Gen.Int[1, 100]).Sample(test =>
    {
        var (random, low, width, count) = test;
        var values = new float[count];

        random.FillUniform(values, low, low + width);

        Assert.All(values, value => Assert.InRange(value, low, low + width));
    });

    [Fact]
    public void FillNormal_OfAnyStream_IsFinite_AndNoneIsFartherThanItsWordsAllow() => Gen.Select(Streams, Gen.Int[1, 100]).Sample(test =>
    {
        var values = new float[test.Item2];

        test.Item1.FillNormal(values);

        // The smallest word makes sqrt(2 * 32 log 2).
        Assert.All(values, value => Assert.InRange(value, -6.661f, 6.661f));
    });

    [Fact]
    public void Fill_FewerValues_AreTheFirstOfMore() => Gen.Select(Streams, Gen.Int[1, 127], Gen.Int[0, 80]).Sample(test =>
    {
        var (random, count, more) = test;
        var (few, many) = (new float[count], new float[count + more]);

        random.FillNormal(few);
        random.FillNormal(many);
        Assert.Equal(many[..count], few);

        random.FillUniform(few, -2, 3);
        random.FillUniform(many, -2, 3);
        Assert.Equal(many[..count], few);
    });
}
