using VaeCluster.Contracts.Specs;

namespace VaeCluster.Contracts.Tests.Specs;

public sealed class CheckpointIntervalTests
{
    [Theory]
    [InlineData("500", 500, 0, true)]
    [InlineData("500", 501, 100, false)]
    [InlineData("10s", 7, 10, true)]
    [InlineData("10s", 7, 9.9, false)]
    [InlineData("0", 500, 1e6, false)]
    [InlineData("0s", 500, 1e6, false)]
    public void IsDue_BySteps_OrByTime(string text, long step, double seconds, bool expected) =>
        Assert.Equal(expected, CheckpointInterval.Parse(text).IsDue(step, TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-1")]
    [InlineData("1.5s")]
    [InlineData("10m")]
    [InlineData("1000001")]
    public void Read_OfAnythingElse_IsAFaultThatSaysTheRule(string text)
    {
        var error = Assert.Single(RunSpecReader.Read("", [$"checkpoint.every='{text}'"]).Errors, error => error.Path == "checkpoint.every");

        Assert.Contains("a number of steps such as 500, or of seconds such as 10s", error.Problem);
    }

    [Fact]
    public void Read_OfANumber_MeansSteps() =>
        Assert.Equal("250", RunSpecReader.Read("checkpoint:\n  every: 250").Spec!.Checkpoint.Every);
}
