using VaeCluster.Contracts.Specs;
using VaeCluster.Grains.Runs;
using VaeCluster.Parameters.Schedules;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Grains.Tests.Runs;

public sealed class PartitionPlacementTests
{
    private static readonly string[] ThreeSilos = ["b", "a", "c"];

    [Theory]
    [InlineData(1, "")]
    [InlineData(2, "b/run~0")]
    [InlineData(3, "b/run~0 c/run~1")]
    [InlineData(4, "b/run~0 c/run~1 b/run~2")]
    public void Choose_WithANumber_SpreadsThePartitionsOverTheOtherSilos(int setting, string keys) =>
        Assert.Equal(keys, Choose(setting, mebibytes: 100, ThreeSilos));

    [Theory]
    [InlineData(10, "")]
    [InlineData(127, "")]
    [InlineData(128, "b/run~0")]
    [InlineData(900, "b/run~0 c/run~1")]
    public void Choose_Automatically_TakesOneFor64MiB_AndAtMostOneASilo(int mebibytes, string keys) =>
        Assert.Equal(keys, Choose(ResourcesSpec.Auto, mebibytes, ThreeSilos));

    [Fact]
    public void Choose_OnOneSilo_PutsAllBesideTheServer()
    {
        Assert.Equal("a/run~0 a/run~1", Choose(3, mebibytes: 100, ["a"]));
        Assert.Equal("", Choose(ResourcesSpec.Auto, mebibytes: 1000, ["a"]));
    }

    [Fact]
    public void Choose_WithAStandby_KeepsASiloFreeOfPartitions()
    {
        Assert.Equal("b/run~0 b/run~1", Choose(3, mebibytes: 100, ThreeSilos, keepsOneFree: true));
        Assert.Equal("a/run~0", Choose(2, mebibytes: 100, ["a", "b"], keepsOneFree: true));
    }

    [Fact]
    public void Choose_LeavesTheCountOfBetasReductions_ToTheServer()
    {
        // Four parts, and the count in the second: two ranges at most have it in the last.
        var layout = new ParameterLayout(
        [
            ("weight", [ParameterLayout.PartLengthMax + 5], false), (BetaReductions.CountBuffer, [1], true), ("inner.weight.exp_avg", [2 * ParameterLayout.PartLengthMax], true),
        ]);

        Assert.Equal([], PartitionPlacement.Choose("run", 4, layout, "a", ["a", "b"], keepsOneFree: false).Skip(1));
    }

    private static string Choose(int setting, int mebibytes, string[] silos, bool keepsOneFree = false)
    {
        var layout = new ParameterLayout([("weight", [mebibytes * ParameterLayout.PartLengthMax], false)]);
        return string.Join(' ', PartitionPlacement.Choose("run", setting, layout, "a", silos, keepsOneFree));
    }
}
