using VaeCluster.Parameters.Vectors;


namespace VaeCluster.Tests.Parameters.Vectors;

public sealed class ParameterLayoutTests
{
    [Fact]
    public void Parts_CoverTheVectorWithoutGaps()
    {
        var layout = new ParameterLayout([("a", [3, ParameterLayout.PartLengthMax], false), ("b", [], false), ("c", [5], true)]);

        Assert.Equal((3 * ParameterLayout.PartLengthMax) + 1 + 5, layout.Length);
        Assert.Equal(layout.Length - 5, layout.ParameterLength);
        Assert.Equal(4, layout.PartCount);
        Assert.Equal(
            [(0, 262_144), (262_144, 262_144), (524_288, 262_144), (786_432, 6)],
            Enumerable.Range(0, 4).Select(layout.PartAt));
        Assert.Equal([0, 786_432, 786_433], layout.Slots.Select(slot => slot.Offset));
    }

    [Fact]
    public void Parts_ThatFillExactly_HaveNoEmptyOneAfter() =>
        Assert.Equal(1, new ParameterLayout([("a", [ParameterLayout.PartLengthMax], false)]).PartCount);

    [Fact]
    public void Constructor_ParameterAfterABuffer_Throws() =>
        Assert.Equal(
            "The parameter b comes after a buffer; parameters come first. (Parameter 'tensors')",
            Assert.Throws<ArgumentException>(() => new ParameterLayout([("a", [1], true), ("b", [1], false)])).Message);

    [Fact]
    public void Constructor_MoreThanAnArrayHolds_SaysSo() =>
        Assert.Equal(
            "The model has 2147483648 values up to b; at most 2147483591 can be laid out. (Parameter 'tensors')",
            Assert.Throws<ArgumentException>(() => new ParameterLayout([("a", [16_384, 65_536], false), ("b", [16_384, 65_536], false)])).Message);

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void PartAt_Outside_Throws(int part) =>
        Assert.Throws<ArgumentOutOfRangeException>(nameof(part), () => new ParameterLayout([("a", [1], false)]).PartAt(part));
}
