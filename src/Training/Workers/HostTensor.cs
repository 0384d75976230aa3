using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace VaeCluster.Training.Workers;

/// <summary>
/// A matrix in host memory that is filled anew for every batch, so that a step allocates nothing for its inputs. For a CUDA device its pages are pinned, and
/// a copy to the device is ordered in the device's stream and not awaited: whoever fills the matrix again has fetched the step's results before, and the
/// stream has passed the copy by then.
/// </summary>
internal sealed class HostTensor : IDisposable
{
    private readonly Tensor _tensor;

    /// <summary>Allocates it outside of whatever dispose scope is open: it lives until it is disposed.</summary>
    public HostTensor(int rows, int columns, Device device)
    {
        using var values = zeros(rows, columns);
        _tensor = (device.type == DeviceType.CUDA ? values.pin_memory() : values.alias()).DetachFromDisposeScope();
    }

    /// <summary>All values, row after row.</summary>
    public Span<float> Values => MemoryMarshal.Cast<byte, float>(_tensor.bytes);

    /// <summary>The first rows, on a device. On the CPU it is the same memory. The caller's dispose scope owns it.</summary>
    public Tensor On(Device device, int rows)
    {
        var view = _tensor.narrow(0, 0, rows);
        return device.type == DeviceType.CPU ? view : view.to(device, non_blocking: true);
    }

    public void Dispose() => _tensor.Dispose();
}
