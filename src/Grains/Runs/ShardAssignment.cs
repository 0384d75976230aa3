using System.Collections.Immutable;
using VaeCluster.Data;
using VaeCluster.Grains.Devices;

namespace VaeCluster.Grains.Runs;

/// <summary>Divides shards among trainers: consecutive ranges as equal as can be, so that trainers can add up as much as possible before they send.</summary>
internal static class ShardAssignment
{
    /// <summary>The shards of each trainer, in the trainers' order.</summary>
    /// <param name="shards">How many shards there are.</param>
    /// <param name="trainers">How many trainers: 1 to <paramref name="shards"/>.</param>
    public static ImmutableArray<ImmutableArray<int>> Divide(int shards, int trainers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trainers, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(trainers, shards);
        return
        [
            .. Enumerable.Range(0, trainers).Select(trainer =>
            {
                var (start, count) = TrainingSchedule.Slice(shards, trainer, trainers);
                return Enumerable.Range(start, count).ToImmutableArray();
            }),
        ];
    }

    /// <summary>The shards of all trainers of a device's silo, ascending.</summary>
    /// <param name="device">The device, as <c>silo/device</c>.</param>
    /// <param name="devices">The devices that train.</param>
    /// <param name="assigned">The shards of each.</param>
    public static ImmutableArray<int> OfSilo(string device, ImmutableArray<string> devices, ImmutableArray<ImmutableArray<int>> assigned)
    {
        var silo = DeviceId.SiloOf(device);
        return [.. devices.Zip(assigned).Where(pair => DeviceId.SiloOf(pair.First) == silo).SelectMany(pair => pair.Second).Distinct().Order()];
    }

    private static ImmutableArray<int> Slice(ImmutableArray<int> shards, int part, int parts)
    {
        var (start, count) = TrainingSchedule.Slice(shards.Length, part, parts);
        return shards.Slice(start, count);
    }

    /// <summary>The same assignment, and the shards of each straggler divided among the others as well.</summary>
    /// <param name="assigned">The shards of each trainer.</param>
    /// <param name="isStraggler">Which trainers are stragglers.</param>
    public static ImmutableArray<ImmutableArray<int>> WithBackup(ImmutableArray<ImmutableArray<int>> assigned, ImmutableArray<bool> isStraggler)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(isStraggler.Length, assigned.Length);
        var others = Enumerable.Range(0, assigned.Length).Where(trainer => !isStraggler[trainer]).ToList();
        if (others.Count == 0)
            return assigned;
        var shards = Enumerable.Range(0, assigned.Length).Where(trainer => isStraggler[trainer]).SelectMany(trainer => assigned[trainer]).ToImmutableArray();
        return
        [
            .. assigned.Select((own, trainer) => others.IndexOf(trainer) is >= 0 and var place
                ? [.. own.Concat(Slice(shards, place, others.Count)).Order()]
                : own),
        ];
    }
}
