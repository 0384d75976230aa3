using System.Globalization;
using TorchSharp;
using VaeCluster.Contracts.Cluster;
using VaeCluster.Contracts.Specs;
using VaeCluster.Training.Runtime;

namespace VaeCluster.Training.Workers;

/// <summary>The devices of this machine, and the text that names some of them.</summary>
public static class DeviceCatalog
{
    private const int CpuSlotsMax = 256;

    /// <summary>Finds the devices that a text asks for.</summary>
    /// <param name="text">
    /// <c>auto</c> (every CUDA device; without one, a CPU slot for each processor), <c>none</c>, or a list such as <c>cpu:2</c> (two slots)
    /// and <c>cuda:0,cuda:1</c>.
    /// </param>
    /// <exception cref="FormatException">The text asks for something that is not there, or cannot be read.</exception>
    /// <exception cref="TorchRuntimeException">libtorch, which knows the CUDA devices, cannot be loaded.</exception>
    public static IReadOnlyList<Device> Find(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text switch
        {
            "none" => [],
            "auto" => CountCuda() is > 0 and var count
                ? [.. Enumerable.Range(0, count).Select(Cuda)]
                : [.. Enumerable.Range(0, Environment.ProcessorCount).Select(Cpu)],
            _ => [.. text.Split(',', StringSplitOptions.TrimEntries).SelectMany(Parse).DistinctBy(device => device.Name)],
        };
    }

    internal static torch.Device ToTorch(string name)
    {
        var (kind, number) = Split(name);
        return kind == DeviceKind.Cpu ? torch.device("cpu") : torch.device($"cuda:{number}");
    }

    private static IEnumerable<Device> Parse(string item)
    {
        var (kind, number) = Split(item);
        if (kind == DeviceKind.Cpu)
        {
            if (number is < 1 or > CpuSlotsMax)
                throw new FormatException($"'{item}' asks for {number} CPU slots; there can be 1 to {CpuSlotsMax}.");
            return Enumerable.Range(0, number).Select(Cpu);
        }
        var count = CountCuda();
        if (number >= count)
            throw new FormatException($"'{item}' does not exist: libtorch can use {count} CUDA devices on this machine. Name one of those, or use cpu:1.");
        return [Cuda(number)];
    }

    private static (DeviceKind Kind, int Number) Split(string item)
    {
        var halves = item.Split(':');
        if (halves.Length == 2 && int.TryParse(halves[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            if (halves[0] == "cpu")
                return (DeviceKind.Cpu, number);
            if (halves[0] == "cuda")
                return (DeviceKind.Cuda, number);
        }
        throw new FormatException($"'{item}' is not a device; write auto, none, cpu:2 for two CPU slots, or cuda:0,cuda:1.");
    }

    private static int CountCuda()
    {
        TorchRuntime.Load();
        return torch.cuda.is_available() ? torch.cuda.device_count() : 0;
    }

    private static Device Cpu(int slot) => new($"cpu:{slot}", DeviceKind.Cpu, $"CPU slot of {Environment.MachineName}");

    private static Device Cuda(int index) => new($"cuda:{index}", DeviceKind.Cuda, $"CUDA device {index} of {Environment.MachineName}");
}
