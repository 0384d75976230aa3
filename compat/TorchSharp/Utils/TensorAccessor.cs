using System.Collections;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp.Utils;

/// <summary>The elements of a tensor on the CPU, in row-major order whatever its strides. Keeps the tensor alive.</summary>
public sealed unsafe class TensorAccessor<T> : IEnumerable<T>, IDisposable where T : unmanaged
{
    private readonly long[] _shape;
    private readonly long[] _strides;
    private readonly bool _isContiguous;
    private torch.Tensor? _tensor;
    private T* _data;

    internal TensorAccessor(torch.Tensor tensor)
    {
        tensor.RequireCpu();
        _tensor = tensor;
        _data = (T*)tensor.DataPointer();
        (_shape, _strides, _isContiguous) = (tensor.shape, tensor.stride(), tensor.is_contiguous());
    }

    public long Count => _tensor?.numel() ?? 0;

    public bool IsReadOnly => false;

    /// <summary>With one index the element at that place in row-major order; with one for each dimension the element there.</summary>
    public T this[params long[] indices]
    {
        get => _data[indices.Length == 1 ? OffsetOf(indices[0]) : OffsetOf(indices)];
        set => _data[indices.Length == 1 ? OffsetOf(indices[0]) : OffsetOf(indices)] = value;
    }

    public static bool operator ==(TensorAccessor<T> left, TensorAccessor<T> right) => left.AsEnumerable().SequenceEqual(right);

    public static bool operator !=(TensorAccessor<T> left, TensorAccessor<T> right) => !(left == right);

    public T[] ToArray()
    {
        var result = new T[Count];
        CopyTo(result.AsSpan(), 0, 0);
        return result;
    }

    /// <summary>An array with the tensor's dimensions; a number becomes an array of one.</summary>
    public Array ToNDArray()
    {
        if (_shape.Length < 2) return ToArray();

        var result = Array.CreateInstance(typeof(T), _shape);
        var elements = MemoryMarshal.CreateSpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(result)), checked((int)Count));
        CopyTo(elements, 0, 0);
        return result;
    }

    /// <summary>Copies elements from <paramref name="tensorIndex"/> on until either side ends.</summary>
    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    private void CopyTo(Span<T> array, int arrayIndex, long tensorIndex)
    {
        var count = RequireRange(array.Length, arrayIndex, tensorIndex);
        if (_isContiguous) new ReadOnlySpan<T>(_data + tensorIndex, count).CopyTo(array[arrayIndex..]);
        else for (var i = 0; i < count; i++) array[arrayIndex + i] = _data[OffsetOf(tensorIndex + i)];
    }

    /// <summary>Overwrites elements from <paramref name="tensorIndex"/> on until either side ends.</summary>
    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom((ReadOnlySpan<T>)array, arrayIndex, tensorIndex);

    private void CopyFrom(ReadOnlySpan<T> array, int arrayIndex, long tensorIndex)
    {
        var count = RequireRange(array.Length, arrayIndex, tensorIndex);
        if (_isContiguous) array.Slice(arrayIndex, count).CopyTo(new Span<T>(_data + tensorIndex, count));
        else for (var i = 0; i < count; i++) _data[OffsetOf(tensorIndex + i)] = array[arrayIndex + i];
    }

    public override bool Equals(object? obj) => obj is TensorAccessor<T> other && this == other;

    public override int GetHashCode() => base.GetHashCode();

    public IEnumerator<T> GetEnumerator()
    {
        for (long i = 0; i < Count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose()
    {
        _tensor = null;
        _data = null;
    }

    private int RequireRange(int arrayLength, int arrayIndex, long tensorIndex)
    {
        if (tensorIndex < 0 || (tensorIndex >= Count && Count > 0))
            throw new ArgumentOutOfRangeException(nameof(tensorIndex), tensorIndex, $"The tensor has {Count} elements.");
        return (int)Math.Max(0, Math.Min(arrayLength - arrayIndex, Count - tensorIndex));
    }

    private long OffsetOf(long index)
    {
        if (index < 0 || index >= Count)
            throw new IndexOutOfRangeException($"Element {index} was asked for, but the tensor has {Count}.");
        if (_isContiguous) return index;

        long offset = 0;
        for (var dimension = _shape.Length - 1; dimension >= 0; dimension--)
        {
            (index, var place) = Math.DivRem(index, _shape[dimension]);
            offset += place * _strides[dimension];
        }
        return offset;
    }

    private long OffsetOf(long[] indices)
    {
        if (indices.Length != _shape.Length || Count == 0)
            throw new IndexOutOfRangeException($"{indices.Length} indices were given, but the tensor has {_shape.Length} dimensions and {Count} elements.");

        long offset = 0;
        for (var dimension = 0; dimension < indices.Length; dimension++)
        {
            if (indices[dimension] < 0 || indices[dimension] >= _shape[dimension])
                throw new IndexOutOfRangeException($"{indices[dimension]} >= {_shape[dimension]} in dimension {dimension}.");
            offset += indices[dimension] * _strides[dimension];
        }
        return offset;
    }
}
