using VaeCluster.Benchmarks.Results;

namespace VaeCluster.Build.Tests.Benchmarks;

/// <summary>What the benchmark makes of its measurements.</summary>
public sealed class RowResultTests
{
    private static readonly BenchmarkRow Compared =
        new("mlp", "mlp, one trainer", Quantity.SamplesPerSecond, "ours", "peer", "the peer", 1.5);

    private static readonly BenchmarkRow Alone = new("ready", "a silo", Quantity.Seconds, "ready", Target: 3);

    [Theory]
    [InlineData(new double[] { 3, 1, 2 }, 2, 1, 3)]
    [InlineData(new double[] { 4, 1, 2, 10 }, 3, 1, 10)]
    public void Spread_IsMedianAndRange(double[] values, double median, double min, double max) =>
        Assert.Equal(new Spread(median, min, max), Spread.From(values));

    [Fact]
    public void Spread_OfNothing_IsRefused() => Assert.Throws<ArgumentException>(() => Spread.From([]));

    [Fact]
    public void Together_AddsCountsCpuAndMemory_AndTakesTheSlowestTime() => Assert.Equal(
        new Measurement(300, 2.5, 4, 70),
        Measurement.Together([new(100, 2, 1.5, 30), new(200, 2.5, 2.5, 40)]));

    [Fact]
    public void Ratio_IsThatOfTheMedians_BetweenThoseOfSingleRounds()
    {
        // Rates of 100, 300, 200 against 100, 100, 400: medians of 200 and 100, single rounds of 1, 3 and 0.5.
        var log = Log(("ours", [100, 300, 200]), ("peer", [100, 100, 400]));

        var result = RowResult.From(Compared, log);

        Assert.Equal(new Spread(2, 0.5, 3), result.Ratio);
        Assert.Equal(new Spread(200, 100, 300), result.Ours!.Value);
        Assert.True(result.IsReached);
        // 0.5 CPU seconds for 100, 300 and 200 samples: 5, 1.67 and 2.5 per thousand.
        Assert.Equal(2.5, result.Ours.CpuSecondsPerThousand!.Value, 9);
        Assert.Equal(3_000_000, result.Ours.PeakBytes);
    }

    [Fact]
    public void Ratio_LeavesOutRoundsThatLackASide()
    {
        var log = Log(("ours", [100, 1000]), ("peer", [100]));

        Assert.Equal(new Spread(1, 1, 1), RowResult.From(Compared, log).Ratio);
        Assert.False(RowResult.From(Compared, log).IsReached);
    }

    [Fact]
    public void Target_OfARowAlone_IsAnUpperBound()
    {
        Assert.True(RowResult.From(Alone, LogOfSeconds(2.9, 3, 9)).IsReached);
        Assert.False(RowResult.From(Alone, LogOfSeconds(2.9, 3.1, 9)).IsReached);
        Assert.Null(RowResult.From(Alone with { Target = null }, LogOfSeconds(1)).IsReached);
    }

    [Fact]
    public void Row_WhosePeerFailed_HasNoRatio_AndTheReason()
    {
        var log = Log(("ours", [100]));
        log.Fail("peer", "this Python has no torch.");

        var result = RowResult.From(Compared, log);

        Assert.Null(result.Ratio);
        Assert.Null(result.IsReached);
        Assert.Equal("this Python has no torch.", result.Failure);
    }

    internal static FigureLog Log(params (string Figure, double[] Rates)[] figures)
    {
        var log = new FigureLog();
        foreach (var (figure, rates) in figures)
        {
            for (var round = 0; round < rates.Length; round++)
                log.Add(figure, round + 1, new(rates[round], 1, 0.5, 1_000_000 * (round + 1)));
        }
        return log;
    }

    private static FigureLog LogOfSeconds(params double[] seconds)
    {
        var log = new FigureLog();
        for (var round = 0; round < seconds.Length; round++)
            log.Add("ready", round + 1, new(1, seconds[round]));
        return log;
    }
}
