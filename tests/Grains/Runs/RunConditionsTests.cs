using VaeCluster.Contracts.Runs;
using VaeCluster.Grains.Runs;

namespace VaeCluster.Grains.Tests.Runs;

public sealed class RunConditionsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(RunConditions.KeptMax)]
    public void Limit_OfNoMoreThanAreKept_LeavesThem(int count)
    {
        var conditions = Conditions(count);

        RunConditions.Limit(conditions);

        Assert.Equal(Conditions(count), conditions);
    }

    [Fact]
    public void Limit_OfMore_KeepsTheFirstAndTheNewest()
    {
        var conditions = Conditions(RunConditions.KeptMax + 3);

        RunConditions.Limit(conditions);

        Assert.Equal(RunConditions.KeptMax, conditions.Count);
        Assert.Equal(["9", "13"], conditions.Skip(RunConditions.FirstKept - 1).Take(2).Select(condition => condition.Message));
        Assert.Equal($"{RunConditions.KeptMax + 2}", conditions[^1].Message);
    }

    private static List<RunCondition> Conditions(int count) =>
        [.. Enumerable.Range(0, count).Select(number => new RunCondition(RunReasons.Reassigned, $"{number}", DateTimeOffset.UnixEpoch))];
}
