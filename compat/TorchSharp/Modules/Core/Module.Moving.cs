using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // To another device or type. A tensor that has to change is replaced: in the dictionaries, in the property of
        // its name and in the field that held it.
        public partial class Module
        {
            internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking)
            {
                RequireFloatingPoint(dtype);
                return Move(InitializeDevice(device), dtype);
            }

            internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) =>
                Move(device(deviceType, deviceType == DeviceType.CUDA ? deviceIndex : -1), null);

            internal virtual Module _to(ScalarType dtype, bool non_blocking)
            {
                RequireFloatingPoint(dtype);
                return Move(null, dtype);
            }

            private Module Move(Device? device, ScalarType? dtype)
            {
                foreach (var (_, child) in named_children()) child.Move(device, dtype);
                foreach (var (parameterName, parameter) in _internal_params.ToArray()) MoveParameter(parameterName, parameter, device, dtype);
                foreach (var (bufferName, buffer) in _buffers.ToArray()) MoveBuffer(bufferName, buffer, device, dtype);
                return this;
            }

            private void MoveParameter(string parameterName, Parameter parameter, Device? device, ScalarType? dtype)
            {
                if (IsThere(parameter, device, dtype)) return;

                // The move itself is no part of any graph, and the result has to be a leaf.
                using var gradients = no_grad();
                var moved = new Parameter(parameter.to(TypeFor(parameter, dtype), device ?? parameter.device), parameter.requires_grad);
                moved.DetachFromDisposeScope();
                _internal_params[parameterName] = moved;
                Replace(parameterName, parameter, moved);
            }

            private void MoveBuffer(string bufferName, Tensor buffer, Device? device, ScalarType? dtype)
            {
                if (IsThere(buffer, device, dtype)) return;

                var moved = buffer.to(TypeFor(buffer, dtype), device ?? buffer.device).DetachFromDisposeScope();
                _buffers[bufferName] = moved;
                Replace(bufferName, buffer, moved);
            }

            private void Replace(string componentName, Tensor old, Tensor moved)
            {
                var property = GetType().GetProperty(componentName, BindingFlags.Instance | BindingFlags.Public);
                if (property is { CanWrite: true } && ReferenceEquals(property.GetValue(this), old)) property.SetValue(this, moved);

                foreach (var field in InstanceFields())
                    if (ReferenceEquals(field.GetValue(this), old)) field.SetValue(this, moved);

                old.Dispose();
            }

            private static bool IsThere(Tensor tensor, Device? device, ScalarType? dtype)
            {
                var isOnDevice = device is null || (device.type == tensor.device_type && (device.index == -1 || device.index == tensor.device_index));
                return isOnDevice && TypeFor(tensor, dtype) == tensor.dtype;
            }

            /// <summary>Counters and masks keep their type.</summary>
            private static ScalarType TypeFor(Tensor tensor, ScalarType? dtype) =>
                dtype is { } some && tensor.is_floating_point() ? some : tensor.dtype;

            private static void RequireFloatingPoint(ScalarType dtype)
            {
                if (!is_floating_point(dtype))
                    throw new ArgumentException($"nn.Module.to only accepts floating point or complex types, but got desired dtype={dtype}");
            }
        }
    }
}
