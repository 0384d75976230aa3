using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace VaeCluster.Training.Workers;

/// <summary>A matrix in host memory that is filled anew for every batch, so that a step allocates nothing for its inputs.</summary>
internal sealed class HostTensor : IDisposable
{
    private readonly Tensor _tensor;

    /// <summary>Allocates it outside of whatever dispose scope is open: it lives until it is disposed.</summary>
    public HostTensor(int rows, int columns) =>
        _tensor = zeros(rows, columns).DetachFromDisposeScope();

    /// <summary>All values, row after row.</summary>
    public Span<float> Values => MemoryMarshal.Cast<byte, float>(_tensor.bytes);

    /// <summary>The first rows, on a device. On the CPU it is the same memory. The caller's dispose scope owns it.</summary>
    public Tensor On(Device device, int rows)
    {
        var view = _tensor.narrow(0, 0, rows);
        return device.type == DeviceType.CPU ? view : view.to(device);
    }

    public void Dispose() => _tensor.Dispose();
}
