using TorchSharp.Native;

namespace TorchSharp;

/// <summary>
/// What an index expression selects: the part that is a view of the tensor, and the tensors of positions that are
/// then applied to the view (null where a dimension is taken whole). NumPy's rules, as libtorch has them.
/// </summary>
internal sealed class IndexedView : IDisposable
{
    private readonly List<torch.Tensor?> _positions = [];
    private readonly int _indexedDimensionCount;
    private torch.Tensor _view;
    private int _dimension;

    internal IndexedView(torch.Tensor tensor, ReadOnlySpan<torch.TensorIndex> indices)
    {
        _view = tensor.alias();
        foreach (var index in indices) _indexedDimensionCount += DimensionsTaken(index);
        foreach (var index in indices) Apply(index, (int)tensor.ndim);
    }

    /// <summary>The selection as a tensor: a view where it can be, a copy where positions are given.</summary>
    internal torch.Tensor Read() => HasPositions
        ? Aten.IndexTensor.Call(_view, Positions)
        : _view.alias();

    internal void Write(torch.Tensor value)
    {
        if (HasPositions) Aten.IndexPut_.Run(_view, Positions, value);
        else _view.copy_(value);
    }

    public void Dispose() => _view.Dispose();

    private bool HasPositions => _positions.Exists(static tensor => tensor is not null);

    private Argument Positions => Argument.OptionalTensors([.. _positions]);

    private void Apply(torch.TensorIndex index, int rank)
    {
        switch (index.Kind)
        {
            case TensorIndexKind.Single:
                Replace(_view.select(_dimension, index.Start ?? 0));
                break;
            case TensorIndexKind.Slice:
                Replace(Aten.SliceTensor.Call(_view, _dimension, index.Start, index.Stop, index.Step ?? 1));
                Take(null, 1);
                break;
            case TensorIndexKind.Ellipsis:
                for (var left = rank - _indexedDimensionCount; left > 0; left--) Take(null, 1);
                break;
            case TensorIndexKind.NewDimension:
                Replace(_view.unsqueeze(_dimension));
                Take(null, 1);
                break;
            default:
                Take(index.Positions, DimensionsTaken(index));
                break;
        }
    }

    private void Take(torch.Tensor? positions, int dimensions)
    {
        _positions.Add(positions);
        _dimension += dimensions;
    }

    private void Replace(torch.Tensor view)
    {
        _view.Dispose();
        _view = view;
    }

    /// <summary>How many dimensions of the tensor an index stands for; a mask has as many as itself.</summary>
    private static int DimensionsTaken(torch.TensorIndex index) => index.Kind switch
    {
        TensorIndexKind.Ellipsis or TensorIndexKind.NewDimension => 0,
        TensorIndexKind.Tensor when index.Positions!.dtype is torch.ScalarType.Bool or torch.ScalarType.Byte => (int)index.Positions.ndim,
        _ => 1,
    };
}
