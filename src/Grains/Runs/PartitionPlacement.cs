using System.Collections.Immutable;
using VaeCluster.Contracts.Specs;
using VaeCluster.Grains.Devices;
using VaeCluster.Parameters.Schedules;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Grains.Runs;

/// <summary>Decides how many partitions a parameter server has, and where they are. The bits of the weights do not depend on it.</summary>
internal static class PartitionPlacement
{
    /// <summary>
    /// Bytes of weights that are worth a partition of their own: fewer are reduced and updated sooner than the partitions agree on a step.
    /// </summary>
    private const long BytesPerPartition = 64 << 20;

    /// <summary>The keys of the partitions beside the server itself, in the order of their ranges; none where the server owns everything.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="setting">How many ranges the spec asks for; 0 to choose by the weights' size and the silos.</param>
    /// <param name="layout">How the model's tensors lie.</param>
    /// <param name="server">The silo of the server.</param>
    /// <param name="silos">The silos that train.</param>
    /// <param name="keepsOneFree">Whether one silo besides the server's is kept free of partitions: the standby's loss must not be a partition's too.</param>
    public static ImmutableArray<string> Choose(
        string runId,
        int setting,
        ParameterLayout layout,
        string server,
        IReadOnlyList<string> silos,
        bool keepsOneFree)
    {
        ArgumentNullException.ThrowIfNull(layout);
        List<string> others = [.. silos.Where(silo => silo != server).Order(StringComparer.Ordinal)];
        if (keepsOneFree && others.Count > 0)
            others.RemoveAt(others.Count - 1);
        var wanted = setting == ResourcesSpec.Auto
            ? (int)Math.Min(sizeof(float) * (long)layout.Length / BytesPerPartition, others.Count + 1)
            : setting;
        var count = Math.Clamp(wanted, 1, layout.PartCount);
        while (!HasCount(PartRange.Divide(layout, count)[^1], layout))
            count--;
        return [.. Enumerable.Range(0, count - 1).Select(range => DeviceId.Of(others.Count > 0 ? others[range % others.Count] : server, $"{runId}~{range}"))];
    }

    /// <summary>
    /// Whether the server's own range has the count of beta's reductions, where the model has one: the server's records need it. An inner optimizer's state
    /// lies behind it, and may be longer than the last range.
    /// </summary>
    private static bool HasCount(PartRange range, ParameterLayout layout)
    {
        var (start, _) = range.In(layout);
        return layout.Slots.FirstOrDefault(slot => slot.Name == BetaReductions.CountBuffer) is not { } count || count.Offset >= start;
    }
}
