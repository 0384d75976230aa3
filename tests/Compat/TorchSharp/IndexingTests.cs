using System.Runtime.InteropServices;

namespace Compat.TorchSharp.Tests;

public sealed class IndexingTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Tensor _cube;

    public IndexingTests() => _cube = arange(24).view(2, 3, 4);

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Positions_TakeTheirDimensionAway()
    {
        Assert.Equal(23, _cube[1, 2, 3].item<long>());
        Assert.Equal(23, _cube[-1, -1, -1].item<long>());
        Assertions.Holds(_cube[1, 0], 12, 13, 14, 15);
        Assertions.HasShape(_cube[0], 3, 4);
    }

    [Fact]
    public void Slices_KeepTheirDimension()
    {
        Assertions.Holds(_cube[0, 0, TensorIndex.Slice(1, 3)], 1, 2);
        Assertions.Holds(_cube[TensorIndex.Single(0), TensorIndex.Single(0), 1..3], 1, 2);
        Assertions.Holds(_cube[TensorIndex.Single(0), TensorIndex.Single(0), ..^1], 0, 1, 2);
        Assertions.Holds(_cube[TensorIndex.Single(0), TensorIndex.Single(0), ^2..], 2, 3);
        Assertions.Holds(_cube[TensorIndex.Colon, TensorIndex.Single(0), TensorIndex.Slice(step: 2)], 0, 2, 12, 14);
    }

    [Fact]
    public void Ellipsis_StandsForTheDimensionsLeft()
    {
        Assertions.HasShape(_cube[TensorIndex.Ellipsis, TensorIndex.Single(0)], 2, 3);
        Assertions.HasShape(_cube[TensorIndex.Single(1), TensorIndex.Ellipsis, TensorIndex.None], 3, 4, 1);
        Assertions.HasShape(_cube[TensorIndex.Ellipsis], 2, 3, 4);
        Assertions.HasShape(_cube[TensorIndex.None, TensorIndex.Single(1)], 1, 3, 4);
    }

    [Fact]
    public void Tensors_PickPositions_OrByMask()
    {
        var rows = tensor(new long[] { 2, 0 });

        Assertions.Holds(_cube[TensorIndex.Single(0), TensorIndex.Tensor(rows), TensorIndex.Single(1)], 9, 1);
        Assertions.HasShape(_cube[TensorIndex.Colon, TensorIndex.Tensor(rows)], 2, 2, 4);
        Assertions.Holds(_cube[_cube > 21], 22, 23);
        Assertions.HasShape(_cube[TensorIndex.Ellipsis, TensorIndex.Tensor(tensor(new[] { true, false, false, true }))], 2, 3, 2);
        Assertions.Holds(_cube[TensorIndex.Tensor(_cube[TensorIndex.Ellipsis, TensorIndex.Single(0)] > 10), TensorIndex.Single(3)], 15, 19, 23);
    }

    [Fact]
    public void Setting_WritesIntoTheTensor()
    {
        var target = zeros(2, 3, ScalarType.Int64);

        target[0, 1] = tensor(5L);
        target[TensorIndex.Single(1), TensorIndex.Slice(1)] = tensor(new long[] { 7, 8 });
        target[target == 0] = tensor(-1L);
        target.index_put_(9, TensorIndex.Colon, TensorIndex.Single(0));

        Assertions.Holds(target, 9, 5, -1, 9, 7, 8);
    }

    [Fact]
    public void Selections_ByNumberAndByList()
    {
        var matrix = _cube[0];
        var columns = tensor(new long[] { 3, 0 });

        Assertions.Holds(matrix.narrow(1, 1, 2), 1, 2, 5, 6, 9, 10);
        Assertions.Holds(matrix.select(0, 1), 4, 5, 6, 7);
        Assertions.Holds(matrix.slice(0, 0, 3, 2), 0, 1, 2, 3, 8, 9, 10, 11);
        Assertions.Holds(matrix.index_select(1, columns), 3, 0, 7, 4, 11, 8);
        Assertions.Holds(matrix.gather(1, tensor(new long[,] { { 1 }, { 2 }, { 3 } })), 1, 6, 11);
        Assertions.Holds(matrix.masked_select(matrix > 9), 10, 11);
        Assertions.Holds(matrix.masked_fill(matrix < 11, 0).sum(), 11);
    }

    [Fact]
    public void Scattered_GoToTheirPlaces()
    {
        var index = tensor(new long[] { 2, 2, 0 });
        var values = Assertions.Doubles(1, 2, 4);

        Assertions.Holds(zeros(3, ScalarType.Float64).scatter_add_(0, index, values), 4, 0, 3);
        Assertions.Holds(zeros(3, ScalarType.Float64).index_add_(0, index, values, 2), 8, 0, 6);
        Assertions.Holds(zeros(2, ScalarType.Float64).scatter_(0, tensor(new long[] { 1, 0 }), Assertions.Doubles(5, 6)), 6, 5);
        Assertions.Holds(nn.functional.one_hot(tensor(new long[] { 1, 0 }), 3), 0, 1, 0, 1, 0, 0);
    }

    [Fact]
    public void Position_OutsideOfTheTensor_HasLibtorchsText()
    {
        var error = Assert.Throws<ExternalException>(() => _cube[2]);

        Assert.Equal("select(): index 2 out of range for tensor of size [2, 3, 4] at dimension 0", error.Message);
    }

    [Fact]
    public void Reading_LeavesNoHiddenTensors()
    {
        var before = _scope.DisposablesCount;

        _ = _cube[TensorIndex.None, TensorIndex.Single(0), 1..2];

        Assert.Equal(before + 1, _scope.DisposablesCount);
    }
}
