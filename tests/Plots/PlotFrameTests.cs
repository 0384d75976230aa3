using VaeCluster.Plots;

namespace VaeCluster.Tests.Plots;

public sealed class PlotFrameTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(-0.0, "0")]
    [InlineData(0.30000000000000004, "0.3")]
    [InlineData(-2.5, "-2.5")]
    [InlineData(1000, "1,000")]
    [InlineData(9_999_999, "9,999,999")]
    [InlineData(20_000_000, "2e7")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00002, "2e-5")]
    public void Show_Numbers_AsPeopleWriteThem(double value, string text) => Assert.Equal(text, PlotFrame.Show(value));

    [Theory]
    [InlineData(0.7, 1)]
    [InlineData(1, 1)]
    [InlineData(1.1, 2)]
    [InlineData(2.1, 5)]
    [InlineData(51, 100)]
    [InlineData(0.03, 0.05)]
    public void RoundUp_ToOneTwoOrFive(double number, double expected) => Assert.Equal(expected, PlotFrame.RoundUp(number), 1e-12);
}
