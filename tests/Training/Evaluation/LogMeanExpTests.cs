using VaeCluster.Training.Evaluation;

namespace VaeCluster.Tests.Training.Evaluation;

public sealed class LogMeanExpTests
{
    [Theory]
    [InlineData(new double[] { 0, 0 }, 0)]
    [InlineData(new[] { 0.0, 1.0986122886681098 }, 0.69314718055994531)] // log (1 + 3) / 2
    [InlineData(new[] { -1000.0, -1000.0 }, -1000)]
    [InlineData(new[] { 1000.0, -1000.0 }, 999.30685281944005)]
    [InlineData(new[] { -1000.0, 1000.0 }, 999.30685281944005)]
    [InlineData(new[] { double.NegativeInfinity, 2.0 }, 1.3068528194400546)]
    [InlineData(new[] { double.NegativeInfinity, double.NegativeInfinity }, double.NegativeInfinity)]
    [InlineData(new double[0], double.NegativeInfinity)]
    public void Value_IsThatOfTheFormula_WithoutOverflow(double[] values, double expected)
    {
        var mean = new LogMeanExp();

        foreach (var value in values)
            mean.Add(value);

        Assert.Equal(expected, mean.Value, 1e-12);
    }
}
