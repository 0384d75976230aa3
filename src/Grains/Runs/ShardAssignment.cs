using System.Collections.Immutable;
using VaeCluster.Training.Data;

namespace VaeCluster.Grains.Runs;

/// <summary>Deals shards to trainers: consecutive ranges as equal as can be, so that trainers can add up as much as possible before they send.</summary>
internal static class ShardAssignment
{
    /// <summary>The shards of each trainer, in the trainers' order.</summary>
    /// <param name="shards">How many shards there are.</param>
    /// <param name="trainers">How many trainers: 1 to <paramref name="shards"/>.</param>
    public static ImmutableArray<ImmutableArray<int>> Deal(int shards, int trainers)
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
}
