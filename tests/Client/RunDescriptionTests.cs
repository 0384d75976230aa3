using VaeCluster.Client.Output;
using VaeCluster.Client.Tests.Fakes;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Tests;

public sealed class RunDescriptionTests
{
    [Fact]
    public void Write_OfARunWithLocalSteps_SaysWhatAStepIs()
    {
        var spec = "{ \"training\": { \"localSteps\": 16 }, \"optimizer\": { \"outer\": { \"kind\": \"sgd\", \"momentum\": 0.5 } } }";

        Assert.Contains("  Local steps     16 in a step; then sgd, learning rate 0.7, momentum 0.5", LinesOf(spec));
    }

    [Theory]
    [InlineData("{ \"name\": \"mnist\" }")]
    [InlineData("")]
    [InlineData("{ \"model\": { \"kind\": \"of-an-extension\" } }")]
    public void Write_OfAnyOtherRun_SaysNothingOfLocalSteps(string spec) =>
        Assert.DoesNotContain(LinesOf(spec), line => line.Contains("Local steps", StringComparison.Ordinal));

    private static string[] LinesOf(string spec)
    {
        using var output = new StringWriter();
        RunDescription.Write(output, new Run(Samples.Succeeded) { Spec = spec });
        return output.ToString().Split('\n');
    }
}
