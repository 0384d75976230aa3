namespace Compat.TorchSharp.Tests;

public sealed class DataTests
{
    [Theory]
    [InlineData(ScalarType.Byte, 1)]
    [InlineData(ScalarType.Int8, 1)]
    [InlineData(ScalarType.Int16, 2)]
    [InlineData(ScalarType.Int32, 4)]
    [InlineData(ScalarType.Int64, 8)]
    [InlineData(ScalarType.Float16, 2)]
    [InlineData(ScalarType.BFloat16, 2)]
    [InlineData(ScalarType.Float32, 4)]
    [InlineData(ScalarType.Float64, 8)]
    public void ToType_ThereAndBack_KeepsSmallIntegers(ScalarType type, int elementSize)
    {
        using var scope = NewDisposeScope();

        var converted = Assertions.Doubles(0, 1, 2, 100).to_type(type);

        Assert.Equal(type, converted.dtype);
        Assert.Equal(elementSize, converted.ElementSize);
        Assertions.Holds(converted, 0, 1, 2, 100);
    }

    [Fact]
    public void ToBool_OfNumbers_IsWhetherTheyAreNotZero() => Assertions.Holds(Assertions.Doubles(0, 2, -1).@bool(), 0, 1, 1);

    [Fact]
    public void ToBFloat16_Rounds_ToEightBitsOfPrecision() => Assertions.Holds(Assertions.Doubles(1.00390625, 3.14159).to(ScalarType.BFloat16), 1, 3.140625);

    [Fact]
    public void To_TheSameType_IsTheSameMemory()
    {
        using var tensor = Assertions.Doubles(1, 2);
        using var same = tensor.to(ScalarType.Float64);
        using var copy = tensor.to(ScalarType.Float64, copy: true);

        tensor.fill_(9);

        Assertions.Holds(same, 9, 9);
        Assertions.Holds(copy, 1, 2);
    }

    [Fact]
    public void To_WithDisposeAfter_DisposesTheSource()
    {
        var tensor = Assertions.Doubles(1);

        using var converted = tensor.to(ScalarType.Float32, disposeAfter: true);

        Assert.True(tensor.IsInvalid);
        Assert.Equal(1f, converted.item<float>());
    }

    [Fact]
    public void Bytes_AreTheMemoryItself()
    {
        using var tensor = torch.tensor(new[] { 1, 256 });

        tensor.bytes[0] = 5;

        Assertions.Holds(tensor, 5, 256);
        Assert.Equal([5, 0, 0, 0, 0, 1, 0, 0], tensor.bytes.ToArray());
    }

    [Fact]
    public void Bytes_Set_WithAnotherLength_Throws()
    {
        using var tensor = zeros(2);

        var error = Assert.Throws<ArgumentException>(() => tensor.bytes = new byte[7]);

        Assert.Equal("Mismatched data sizes in SetBytes().", error.Message);
    }

    [Fact]
    public void Bytes_OfTransposed_Throw()
    {
        using var scope = NewDisposeScope();
        var transposed = zeros(2, 3).t();

        var error = Assert.Throws<InvalidOperationException>(() => transposed.bytes.Length);

        Assert.Equal("Bytes() called on non-contiguous tensor.", error.Message);
    }

    [Fact]
    public void Data_OfTransposed_IsInRowMajorOrder()
    {
        using var scope = NewDisposeScope();
        var accessor = torch.tensor(new[,] { { 1, 2, 3 }, { 4, 5, 6 } }).t().data<int>();

        Assert.Equal([1, 4, 2, 5, 3, 6], accessor.ToArray());
        Assert.Equal(new[,] { { 1, 4 }, { 2, 5 }, { 3, 6 } }, accessor.ToNDArray());
        Assert.Equal([1, 4, 2, 5, 3, 6], accessor);
        Assert.Equal(6, accessor[2, 1]);
        Assert.Equal(5, accessor[3]);
    }

    [Fact]
    public void Data_CopyFromAndTo_StopAtTheShorterSide()
    {
        using var tensor = zeros(4, ScalarType.Int64);
        var accessor = tensor.data<long>();
        var target = new long[3];

        accessor.CopyFrom([7, 8, 9, 10, 11], 1, 2);
        accessor.CopyTo(target, 1, 2);

        Assertions.Holds(tensor, 0, 0, 8, 9);
        Assert.Equal([0, 8, 9], target);
    }

    [Fact]
    public void Data_OutsideOfTheTensor_Throws()
    {
        using var tensor = zeros(2, 2);
        var accessor = tensor.data<float>();

        Assert.Equal("Element 4 was asked for, but the tensor has 4.", Assert.Throws<IndexOutOfRangeException>(() => accessor[4]).Message);
        Assert.Equal("2 >= 2 in dimension 1.", Assert.Throws<IndexOutOfRangeException>(() => accessor[0, 2]).Message);
    }

    [Fact]
    public void Item_OfAnotherType_SaysBoth()
    {
        using var tensor = ones(1);

        var error = Assert.Throws<ArgumentException>(() => tensor.item<double>());

        Assert.Equal("Double is not compatible with Float32", error.Message);
    }

    [Fact]
    public void Item_OfSeveral_Throws()
    {
        using var tensor = ones(2);

        Assert.Equal("Number of elements in the tensor must be 1", Assert.Throws<ArgumentException>(() => tensor.item<float>()).Message);
    }

    [Fact]
    public void ToScalar_OfEachKind_KeepsIt()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(2.5, tensor(2.5).ToDouble());
        Assert.Equal(2.5f, tensor(2.5f).ToSingle());
        Assert.Equal(long.MaxValue, tensor(long.MaxValue).ToInt64());
        Assert.True(tensor(true).ToBoolean());
        Assert.Equal(3, (int)tensor(3.9));
        Assert.Equal(ScalarType.Float64, tensor(1f).to(ScalarType.Float16).ToScalar().Type);
    }

    [Fact]
    public void Copy_FromAnotherTypeAndShape_ConvertsAndBroadcasts()
    {
        using var target = zeros(2, 2);
        using var source = torch.tensor(new[] { 1, 2 });

        var result = target.copy_(source);

        Assert.Same(target, result);
        Assertions.Holds(target, 1, 2, 1, 2);
    }

    [Fact]
    public void Set_TakesTheOthersMemory()
    {
        using var target = zeros(1);
        using var source = ones(3);

        target.set_(source);
        source.fill_(4);

        Assertions.Holds(target, 4, 4, 4);
    }

    [Fact]
    public void Disposed_WhenUsed_Throws()
    {
        var tensor = ones(1);
        tensor.Dispose();
        tensor.Dispose();

        Assert.True(tensor.IsInvalid);
        Assert.Equal("Tensor invalid -- empty handle.", Assert.Throws<InvalidOperationException>(() => tensor.exp()).Message);
        Assert.Throws<InvalidOperationException>(() => tensor.shape);
    }

    [Fact]
    public void Scalar_WhenDisposed_Throws()
    {
        Scalar scalar = 2;
        scalar.Dispose();
        using var tensor = ones(1);

        Assert.Equal("Scalar invalid -- empty handle.", Assert.Throws<InvalidOperationException>(() => tensor.add(scalar)).Message);
    }
}
