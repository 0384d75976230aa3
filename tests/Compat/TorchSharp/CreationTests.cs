using System.Globalization;

namespace Compat.TorchSharp.Tests;

public sealed class CreationTests
{
    [Fact]
    public void Filled_WithoutType_AreFloatsOfTheirValue()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(ScalarType.Float32, zeros(2, 3).dtype);
        Assertions.Holds(zeros(2, 2), 0, 0, 0, 0);
        Assertions.Holds(ones([3], ScalarType.Int64), 1, 1, 1);
        Assertions.Holds(full(2, 7.5), 7.5, 7.5);
        Assertions.HasShape(empty(1, 2, 3, 4), 1, 2, 3, 4);
        Assertions.Holds(eye(2), 1, 0, 0, 1);
        Assertions.HasShape(eye(2, 3), 2, 3);
    }

    [Fact]
    public void Arange_OfIntegers_IsInt64_OtherwiseFloat()
    {
        using var scope = NewDisposeScope();

        var integers = arange(1, 10, 4);
        var fractions = arange(0, 1, 0.25);

        Assert.Equal(ScalarType.Int64, integers.dtype);
        Assertions.Holds(integers, 1, 5, 9);
        Assert.Equal(ScalarType.Float32, fractions.dtype);
        Assertions.Holds(fractions, 0, 0.25, 0.5, 0.75);
    }

    [Fact]
    public void Linspace_IncludesBothEnds() => Assertions.Holds(linspace(-1, 1, 5, ScalarType.Float64), -1, -0.5, 0, 0.5, 1);

    [Fact]
    public void Tensor_OfArray_CopiesIt()
    {
        float[] values = [1, 2, 3];
        using var tensor = torch.tensor(values);

        values[0] = 100;

        Assertions.Holds(tensor, 1, 2, 3);
    }

    [Fact]
    public void Tensor_OfArrayOfTwoDimensions_HasBoth()
    {
        using var tensor = torch.tensor(new long[,] { { 1, 2, 3 }, { 4, 5, 6 } });

        Assertions.HasShape(tensor, 2, 3);
        Assertions.Holds(tensor, 1, 2, 3, 4, 5, 6);
    }

    [Fact]
    public void Tensor_WithMoreDimensionsThanElements_SaysBothNumbers()
    {
        var error = Assert.Throws<ArgumentException>(() => tensor(new float[] { 1, 2, 3 }, [2, 2]));

        Assert.Equal("mismatched total size creating a tensor from an array: 4 vs. 3", error.Message);
    }

    [Fact]
    public void FromArray_SharesTheMemory_UntilTheTensorIsGone()
    {
        double[] values = [1, 2, 3];

        using (var tensor = from_array(values))
        {
            values[1] = 20;
            tensor.mul_(2);
            Assertions.Holds(tensor, 2, 40, 6);
        }

        Assert.Equal([2, 40, 6], values);
    }

    [Fact]
    public void FromBuffer_WithCountAndOffset_SeesThatPart()
    {
        using var tensor = frombuffer(new[] { 1, 2, 3, 4, 5 }, ScalarType.Int32, count: 2, offset: 3);

        Assertions.Holds(tensor, 4, 5);
    }

    [Fact]
    public void FromBuffer_WithTooManyElements_Throws()
    {
        var error = Assert.Throws<IndexOutOfRangeException>(() => frombuffer(new[] { 1, 2 }, ScalarType.Int32, count: 3));

        Assert.Equal("element count is too large: 3", error.Message);
    }

    [Fact]
    public void Zeros_WithNames_AreRefused()
    {
        var error = Assert.Throws<NotSupportedException>(() => zeros(2, names: ["batch"]));

        Assert.Equal("This build has no named dimensions; leave out the names.", error.Message);
    }

    [Fact]
    public void Like_TakesShapeAndType()
    {
        using var scope = NewDisposeScope();
        var template = zeros(2, 1, ScalarType.Float64);

        Assert.Equal(ScalarType.Float64, ones_like(template).dtype);
        Assertions.Holds(template.full_like(3), 3, 3);
        Assert.Equal(ScalarType.Int32, zeros_like(template, ScalarType.Int32).dtype);
        Assert.True(randn_like(template, requires_grad: true).requires_grad);
    }

    [Fact]
    public void Uint8_OfArray_KeepsEveryByte()
    {
        var bytes = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();

        using var tensor = torch.tensor(bytes);

        Assert.Equal(bytes, tensor.data<byte>().ToArray());
        Assert.Equal("[256], type = Byte, device = cpu", tensor.ToString());
    }

    [Theory]
    [InlineData("cpu", "cpu")]
    [InlineData("CPU", "cpu")]
    [InlineData("cuda", "cuda")]
    [InlineData("cuda:1", "cuda:1")]
    public void Device_OfText_PrintsAsPyTorchDoes(string text, string expected) =>
        Assert.Equal(expected, string.Create(CultureInfo.InvariantCulture, $"{new Device(text)}"));

    [Fact]
    public void Cuda_WhereThereIsNone_SaysSo()
    {
        Assert.SkipWhen(cuda.is_available(), "This machine has a CUDA device.");

        var error = Assert.Throws<InvalidOperationException>(() => zeros(1, device: new Device(DeviceType.CUDA)));

        Assert.Equal("Torch device type CUDA did not initialise on the current machine: libtorch reports no CUDA device.", error.Message);
        Assert.False(TryInitializeDeviceType(DeviceType.CUDA));
        Assert.Equal(0, cuda.device_count());
    }
}
