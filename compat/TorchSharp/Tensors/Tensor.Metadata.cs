using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    // What a tensor is, without looking at its elements.
    public unsafe partial class Tensor
    {
        public long Dimensions => NativeMethods.TensorDim(Handle);

        public long dim() => Dimensions;

        public long ndim => Dimensions;

        public long NumberOfElements => NativeMethods.TensorNumel(Handle);

        public long numel() => NumberOfElements;

        /// <summary>Bytes of one element.</summary>
        public long ElementSize => NativeMethods.TensorElementSize(Handle);

        public long element_size() => ElementSize;

        public ScalarType dtype => (ScalarType)NativeMethods.TensorScalarType(Handle);

        public DeviceType device_type => (DeviceType)NativeMethods.TensorDeviceType(Handle);

        public int device_index => NativeMethods.TensorDeviceIndex(Handle);

        public Device device => device_type == DeviceType.CPU ? new Device(DeviceType.CPU) : new Device(device_type, device_index);

        public bool is_cpu() => device_type == DeviceType.CPU;

        public bool is_cuda => device_type == DeviceType.CUDA;

        public bool is_meta => device_type == DeviceType.META;

        public bool is_integral() => torch.is_integral(dtype);

        public bool is_floating_point() => torch.is_floating_point(dtype);

        public bool is_contiguous() => NativeMethods.TensorIsContiguous(Handle) != 0;

        public long storage_offset() => NativeMethods.TensorStorageOffset(Handle);

        public long[] shape
        {
            get
            {
                var sizes = new long[Dimensions];
                fixed (long* pointer = sizes) NativeCall.Check(NativeMethods.TensorSizes(Handle, pointer));
                return sizes;
            }
        }

        public long[] size() => shape;

        /// <param name="dim">Counted from the end where negative.</param>
        public long size(int dim) => Aten.SizeInt.CallWord(this, dim);

        public long[] stride()
        {
            var strides = new long[Dimensions];
            fixed (long* pointer = strides) NativeCall.Check(NativeMethods.TensorStrides(Handle, pointer));
            return strides;
        }

        public long stride(int dim) => Aten.StrideInt.CallWord(this, dim);

        /// <summary>Whether both have the same shape and elements.</summary>
        public bool Equals(Tensor target) => target is not null && Aten.Equal.CallWord(this, target) != 0;

        public override bool Equals(object? obj) => obj is Tensor tensor && Equals(tensor);

        public override int GetHashCode() => base.GetHashCode();

        /// <summary>Its shape, type and device, e.g. <c>[2x3], type = Float32, device = cpu</c>.</summary>
        public override string ToString() => IsInvalid
            ? "[invalid]"
            : $"[{string.Join('x', shape)}], type = {dtype}, device = {device}";
    }
}
