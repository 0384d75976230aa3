using System.Runtime.InteropServices;
using TorchSharp.Native;

namespace TorchSharp;

public static unsafe partial class torch
{
    /// <summary>"None" in the place of an argument that libtorch decides itself, such as the layout.</summary>
    private static Argument None => default;

    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(0, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(start, stop, 1, dtype, device, requires_grad);

    /// <summary>Steps from <paramref name="start"/> to before <paramref name="stop"/>; integers where all three are.</summary>
    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        var isIntegral = is_integral(start.Type) && is_integral(stop.Type) && is_integral(step.Type);
        var type = dtype ?? (isIntegral ? ScalarType.Int64 : get_default_dtype());
        return Finish(Aten.ArangeStartStep.Call(start, stop, step, type, None, InitializeDevice(device)), requires_grad);
    }

    /// <summary><paramref name="steps"/> evenly spaced numbers, both ends included.</summary>
    public static Tensor linspace(double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Finish(Aten.Linspace.Call(start, end, steps, dtype ?? get_default_dtype(), None, InitializeDevice(device)), requires_grad);

    public static Tensor eye(
        long rows, long columns = -1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Finish(Aten.EyeM.Call(rows, columns == -1 ? rows : columns, dtype ?? get_default_dtype(), None, InitializeDevice(device)), requires_grad, names);

    /// <summary>A tensor over the array's own memory, which stays pinned until the tensor is gone: neither is a copy.</summary>
    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, null, device);

    /// <inheritdoc cref="from_array(Array, Device?)"/>
    public static Tensor from_array(Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        var shape = new long[rawArray.Rank];
        for (var dimension = 0; dimension < shape.Length; dimension++) shape[dimension] = rawArray.GetLongLength(dimension);
        return Convert(OverArray(rawArray, shape, 0), dtype, device, requires_grad, names);
    }

    /// <summary>A tensor over <paramref name="count"/> elements of the array's own memory.</summary>
    public static Tensor frombuffer(Array rawArray, ScalarType dtype, long count = -1, long offset = 0, bool requires_grad = false)
    {
        var length = rawArray.LongLength;
        if (offset < 0 || offset >= length) throw new ArgumentException($"invalid value for 'offset': {offset}");
        if (count > length - offset) throw new IndexOutOfRangeException($"element count is too large: {count}");
        return Convert(OverArray(rawArray, [count < 0 ? length - offset : count], offset), dtype, null, requires_grad, null);
    }

    private static Tensor FromArray(Array values, ScalarType? dtype, Device? device, bool requires_grad, string[]? names) =>
        from_array((Array)values.Clone(), dtype, device, requires_grad, names);

    private static Tensor FromValues<T>(
        ReadOnlySpan<T> values, ReadOnlySpan<long> dimensions, ScalarType? dtype, Device? device, bool requires_grad, string[]? names = null)
        where T : unmanaged
    {
        long elementCount = 1;
        foreach (var dimension in dimensions) elementCount *= dimension;
        if (elementCount > values.Length)
            throw new ArgumentException($"mismatched total size creating a tensor from an array: {elementCount} vs. {values.Length}");

        var tensor = Aten.EmptyMemoryFormat.Call(dimensions, ToScalarType(typeof(T)), None, CPU);
        values[..(int)elementCount].CopyTo(new Span<T>(tensor.DataPointer(), (int)elementCount));
        return Convert(tensor, dtype, device, requires_grad, names);
    }

    /// <summary>Brings a new tensor of the CPU to the type and device that were asked for.</summary>
    private static Tensor Convert(Tensor tensor, ScalarType? dtype, Device? device, bool requires_grad, string[]? names)
    {
        var target = InitializeDevice(device);
        var type = dtype ?? tensor.dtype;
        if (type != tensor.dtype || target.type != DeviceType.CPU) tensor = tensor.to(type, target, disposeAfter: true);
        return Finish(tensor, requires_grad, names);
    }

    private static Tensor OverArray(Array values, ReadOnlySpan<long> shape, long offset)
    {
        var type = ToScalarType(values.GetType().GetElementType()!);
        var pin = GCHandle.Alloc(values, GCHandleType.Pinned);
        try
        {
            var start = (byte*)pin.AddrOfPinnedObject() + (offset * Buffer.ByteLength(values) / Math.Max(1, values.LongLength));
            fixed (long* sizes = shape)
                return new Tensor(NativeCall.Check(NativeMethods.TensorFromBlob(start, &Unpin, GCHandle.ToIntPtr(pin), sizes, shape.Length, (int)type)));
        }
        catch
        {
            pin.Free();
            throw;
        }
    }

    [UnmanagedCallersOnly]
    private static void Unpin(nint pin) => GCHandle.FromIntPtr(pin).Free();

    /// <summary>Names of dimensions are an experiment of libtorch that nothing here uses, so they are refused rather than dropped.</summary>
    internal static Tensor Finish(Tensor tensor, bool requires_grad, string[]? names = null)
    {
        if (names is { Length: > 0 }) throw new NotSupportedException("This build has no named dimensions; leave out the names.");
        return requires_grad ? tensor.requires_grad_() : tensor;
    }
}
