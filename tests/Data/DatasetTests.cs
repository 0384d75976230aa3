using VaeCluster.Data;
using VaeCluster.Tests.Support;

namespace VaeCluster.Tests.Data;

public sealed class DatasetTests
{
    [Fact]
    public void CopyTo_EveryByte_IsItsFractionOf255()
    {
        var data = new Dataset(1, 16, 16, [.. Enumerable.Range(0, 256).Select(i => (byte)i)]);
        var values = new float[256];

        data.CopyTo([0], values);

        Assert.Equal(Enumerable.Range(0, 256).Select(i => i / 255f), values);
        Assert.Equal((0f, 1f), (values[0], values[255]));
    }

    [Fact]
    public void CopyTo_AnyOrder_FollowsTheIndices()
    {
        var data = new Dataset(1, 1, 1, [0, 51, 255]);
        var values = new float[4];

        data.CopyTo([2, 0, 1, 2], values);

        Assert.Equal([1f, 0f, 0.2f, 1f], values);
    }

    [Fact]
    public void Describe_Divides_FirstTrainLastTest()
    {
        var data = new Dataset(1, 1, 1, new byte[10]);

        var all = data.Describe(ASpec.With("data.test=3").Data);
        var some = data.Describe(ASpec.With("data.train=2", "data.test=3").Data);

        Assert.Equal((7, 3), (all.TrainExamples, all.TestExamples));
        Assert.Equal((2, 3), (some.TrainExamples, some.TestExamples));
        Assert.Equal([7, 8, 9], Enumerable.Range(0, 3).Select(example => data.TestIndex(some, example)));
        // SHA-256 of ten zero bytes.
        Assert.Equal("01d448afd928065458cf670b60f5a594d735af0172c8d67f22a81680132681ca", all.Sha256);
    }

    [Theory]
    [InlineData(0, 10, "data.test", "data.test is 10 and the source has 10 examples; at least one example must be left for training. Set data.test to less than 10.")]
    [InlineData(8, 3, "data.train", "data.train is 8 and data.test is 3, together 11, but the source has 10 examples. Ask for fewer, or give a larger source.")]
    [InlineData(int.MaxValue, 9, "data.train", "data.train is 2147483647 and data.test is 9, together 2147483656, but the source has 10 examples. Ask for fewer, or give a larger source.")]
    public void Describe_TooFewExamples_SaysSo(int train, int test, string path, string message)
    {
        var spec = ASpec.With("data.source=idx", "data.path=x", $"data.train={train}", $"data.test={test}");

        var e = Assert.Throws<DataException>(() => new Dataset(1, 1, 1, new byte[10]).Describe(spec.Data));

        Assert.Equal(message, e.Message);
        Assert.Equal(path, e.Error.Path);
    }

    [Fact]
    public void Constructor_WithAPieceOfAnImage_Throws() =>
        Assert.Equal(
            "5 pixels are not a whole number of images of 1x2x2. (Parameter 'pixels')",
            Assert.Throws<ArgumentException>(() => new Dataset(1, 2, 2, new byte[5])).Message);
}
