using System.Text.Json;
using VaeCluster.Contracts.Runs;

namespace VaeCluster.Tests.Contracts.Runs;

public sealed class MetricsLineTests
{
    private static readonly MetricsLine Line = new()
    {
        Step = 1234567890123,
        Epoch = 3,
        Elbo = -116.25,
        Reconstruction = 91.125,
        Kl = 25.125,
        Beta = 0.5,
        LearningRate = 0.001,
        GradientNorm = 12.5,
        Samples = 9000,
        SamplesPerSecond = 15000.5,
        StepSeconds = 0.0085,
        SkippedSteps = 2,
    };

    [Fact]
    public void ToJson_NamesFieldsInSnakeCaseOnOneLine() =>
        Assert.Equal(
            """{"step":1234567890123,"epoch":3,"elbo":-116.25,"reconstruction":91.125,"kl":25.125,"beta":0.5,"learning_rate":0.001,"gradient_norm":12.5,"samples":9000,"samples_per_second":15000.5,"step_seconds":0.0085,"skipped_steps":2}""",
            Line.ToJson());

    [Fact]
    public void Parse_OfToJson_IsTheSameLine() => Assert.Equal(Line, MetricsLine.Parse(Line.ToJson()));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(double.Epsilon)]
    [InlineData(double.MaxValue)]
    [InlineData(0.1 + 0.2)]
    public void Parse_OfToJson_KeepsOddNumbers(double value)
    {
        var line = Line with { Elbo = value, GradientNorm = value };

        Assert.Equal(line, MetricsLine.Parse(line.ToJson()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"step\":1,\"elbo\":-1")]
    [InlineData("{\"step\":\"one\"}")]
    public void Parse_OfSomethingElse_Throws(string json) => Assert.Throws<JsonException>(() => MetricsLine.Parse(json));
}
