using VaeCluster.Client.Output;
using VaeCluster.Contracts.Specs;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Tests;

public sealed class LossConventionsTests
{
    [Fact]
    public void PyTorchVae_MeanSquaredErrorWithItsWeight_IsFoundAgain()
    {
        // w = 0.00025 over D = 12288 values is beta 3.072 at sigma^2 = 1/2.
        var lines = Lines(12_288, "model.kind=conv64", "objective.likelihood=gaussian", "objective.sigma=0.7071067811865476", "objective.beta.value=3.072");

        Assert.Equal("-E_q[log p(x|z)] + 3.072 KL, p Gaussian of sigma 0.707107, D = 12288, pixels in [-1, 1]", lines["Minimised"]);
        Assert.Equal("summed squared error + 3.072 KL", lines["Sum"]);
        Assert.Equal("mean squared error + 0.00025 KL", lines["Mean"]);
    }

    [Fact]
    public void Write_OfARunOfAnExtension_SaysWhatVaectlDoesNotKnow()
    {
        using var output = new StringWriter();

        LossConventions.Write(output, new Run { ExampleValues = 784, Spec = "{ \"model\": { \"kind\": \"strided\" }, \"objective\": { \"bound\": \"laplace\" } }" });

        Assert.Equal("\nObjective: that of an extension of the cluster (model.kind, objective.bound), which vaectl does not know.\n", output.ToString());
    }

    [Fact]
    public void SquaredErrorWithALittleKl_IsAHundredOnTheOtherTerm()
    {
        var lines = Lines(784, "objective.likelihood=gaussian", "objective.sigma=0.7071067811865476", "objective.beta.value=0.01");

        Assert.Equal("summed squared error + 0.01 KL", lines["Sum"]);
        Assert.Equal("100 * summed squared error + KL", lines["Other term"]);
        Assert.Equal("-log p(x|z) = summed squared error / 1 + 448.73", lines["Constant"]);
    }

    [Fact]
    public void Gaussian_OfSigmaOne_HalvesTheSquaredError()
    {
        var lines = Lines(100, "objective.likelihood=gaussian");

        Assert.Equal("summed squared error + 2 KL", lines["Sum"]);
        Assert.Equal("mean squared error + 0.02 KL", lines["Mean"]);
        Assert.Equal("0.5 * summed squared error + KL", lines["Other term"]);
    }

    [Fact]
    public void Bernoulli_IsAMeanCrossEntropyToo() =>
        Assert.Equal("mean binary cross-entropy + 0.005 KL", Lines(784, "objective.beta.value=3.92")["Mean"]);

    [Theory]
    [InlineData("model.kind=ae", "-log p(x|code), p Bernoulli, D = 784")]
    [InlineData("model.kind=vq", "-log p(x|e) + |sg(v) - e|^2 + 0.25 |v - sg(e)|^2, p Bernoulli, D = 784")]
    [InlineData("objective.bound=iwae objective.samples=50", "-log 1/50 sum p(x|z) p(z) / q(z|x), p Bernoulli, D = 784")]
    public void WithoutABeta_OnlyTheLossItselfIsPrinted(string settings, string minimised) =>
        Assert.Equal(minimised, Assert.Single(Lines(784, settings.Split(' '))).Value);

    [Fact]
    public void Schedules_SayWhereTheyEnd()
    {
        Assert.StartsWith("-E_q[log p(x|z)] + beta KL, beta up to 4, ", Lines(784, "objective.beta.schedule=linear", "objective.beta.warmupSteps=9", "objective.beta.value=4")["Minimised"], StringComparison.Ordinal);
        Assert.StartsWith("-E_q[log p(x|z)] + 30 |KL - C|, C up to 25, ", Lines(784, "objective.beta.schedule=capacity", "objective.beta.warmupSteps=9", "objective.beta.value=30", "objective.beta.capacity=25")["Minimised"], StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Lines(int values, params string[] settings)
    {
        var result = RunSpecReader.Read("", settings);
        Assert.True(result.IsValid, string.Join('\n', result.Errors));
        return LossConventions.Lines(result.Spec, values).ToDictionary(line => line.Name, line => line.Loss);
    }
}
