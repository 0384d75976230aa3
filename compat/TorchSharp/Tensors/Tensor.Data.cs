using TorchSharp.Native;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    // The elements, seen from managed code.
    public unsafe partial class Tensor
    {
        /// <summary>The memory of a contiguous tensor on the CPU. It is valid as long as the tensor lives, and no longer.</summary>
        /// <exception cref="InvalidOperationException">The tensor is not contiguous, or not on the CPU.</exception>
        public Span<byte> bytes
        {
            get
            {
                var byteCount = NumberOfElements * ElementSize;
                if (!is_contiguous()) throw new InvalidOperationException("Bytes() called on non-contiguous tensor.");
                if (byteCount > int.MaxValue) throw new ArgumentException("Span only supports up to int.MaxValue elements.");
                RequireCpu();
                return new Span<byte>(DataPointer(), (int)byteCount);
            }
            set
            {
                if (!is_contiguous()) throw new InvalidOperationException("SetBytes() called on non-contiguous tensor.");
                if (NumberOfElements * ElementSize != value.Length) throw new ArgumentException("Mismatched data sizes in SetBytes().");
                RequireCpu();
                value.CopyTo(new Span<byte>(DataPointer(), value.Length));
            }
        }

        /// <summary>The elements by index; those of another device are copied to the CPU first.</summary>
        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            RequireElementType(typeof(T));
            return new TensorAccessor<T>(device_type == DeviceType.CPU ? this : cpu());
        }

        /// <exception cref="ArgumentException">There is not exactly one element, or it is no <typeparamref name="T"/>.</exception>
        public T item<T>() where T : unmanaged
        {
            if (NumberOfElements != 1) throw new ArgumentException("Number of elements in the tensor must be 1");
            RequireElementType(typeof(T));
            if (device_type == DeviceType.CPU) return *(T*)DataPointer();

            using var copy = cpu();
            return *(T*)copy.DataPointer();
        }

        /// <summary>The only element.</summary>
        public Scalar ToScalar()
        {
            var word = Aten.LocalScalarDense.CallWord(this);
            return dtype switch
            {
                ScalarType.Bool => word != 0,
                _ when is_floating_point() => BitConverter.Int64BitsToDouble(word),
                _ => word,
            };
        }

        /// <summary>Where the elements start. The caller keeps the tensor alive.</summary>
        internal void* DataPointer()
        {
            var pointer = NativeMethods.TensorData(Handle);
            if (pointer == null && NumberOfElements > 0) NativeCall.Check((nint)0);
            GC.KeepAlive(this);
            return pointer;
        }

        internal void RequireCpu()
        {
            if (device_type != DeviceType.CPU)
                throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
        }

        private void RequireElementType(Type type)
        {
            if (!IsElementType(type, dtype)) throw new ArgumentException($"{type.Name} is not compatible with {dtype}");
        }

        private static bool IsElementType(Type type, ScalarType own) => own switch
        {
            ScalarType.Byte => type == typeof(byte),
            ScalarType.Int8 => type == typeof(sbyte),
            ScalarType.Int16 => type == typeof(short),
            ScalarType.Int32 => type == typeof(int),
            ScalarType.Int64 => type == typeof(long),
            ScalarType.Float16 => type == typeof(Half),
            ScalarType.Float32 => type == typeof(float),
            ScalarType.Float64 => type == typeof(double),
            ScalarType.Bool => type == typeof(bool),
            _ => false,
        };
    }
}
