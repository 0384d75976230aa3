using System.Collections.Immutable;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Data;

namespace VaeCluster.Grains.Ledger;

/// <summary>One line of <c>ledger.jsonl</c> after the first: what one applied step used, and who computed it.</summary>
public sealed record LedgerStep
{
    /// <summary>The step, counted from 1.</summary>
    public required long Step { get; init; }

    /// <summary>Its epoch, counted from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The positions in the epoch's order that its batch covers; with local steps, its batches together.</summary>
    public required LedgerRange Batch { get; init; }

    /// <summary>Who computed which shards, ascending.</summary>
    public required ImmutableArray<LedgerBlock> Blocks { get; init; }

    /// <summary>Whether the update was left out because it was not finite.</summary>
    public bool Skipped { get; init; }

    /// <summary>SHA-256 of the weights after the step; null where it was not computed.</summary>
    public string? WeightsSha256 { get; init; }

    /// <summary>The line of a step that was applied.</summary>
    public static LedgerStep Of(StepRecord record, TrainingSchedule schedule)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(schedule);
        return new()
        {
            Step = record.Step,
            Epoch = schedule.EpochOf(record.Step - 1) + 1,
            Batch = BatchOf(schedule, record.Step),
            Blocks = [.. record.Blocks.Select(block => new LedgerBlock
            {
                FirstShard = block.FirstShard,
                Device = block.Device,
                Shards = [.. Enumerable.Range(block.FirstShard, block.ShardCount).SelectMany(shard => SlicesOf(schedule, record.Step, shard))],
            })],
            Skipped = record.Skipped,
            WeightsSha256 = record.WeightsSha256.Length == 0 ? null : record.WeightsSha256,
        };
    }

    internal static LedgerRange BatchOf(TrainingSchedule schedule, long step) => new()
    {
        First = SlicesOf(schedule, step, 0)[0].First,
        Count = schedule.ExamplesOf(step - 1),
    };

    internal static ImmutableArray<LedgerRange> SlicesOf(TrainingSchedule schedule, long step, int shard) =>
        [.. schedule.SlicesOf(step - 1, shard).Select(slice => new LedgerRange { First = slice.Start, Count = slice.Count })];
}

/// <summary>Shards whose gradient one device computed and added up.</summary>
public readonly record struct LedgerBlock
{
    /// <summary>The first of them.</summary>
    public required int FirstShard { get; init; }

    /// <summary>The device, as <c>silo/device</c>.</summary>
    public required string Device { get; init; }

    /// <summary>
    /// The positions in the epoch's order that each of the shards covers, shard after shard: a range for each batch of the step, which is one without local
    /// steps. There is a power of two of shards.
    /// </summary>
    public required ImmutableArray<LedgerRange> Shards { get; init; }
}

/// <summary>Positions in the order of an epoch.</summary>
public readonly record struct LedgerRange
{
    /// <summary>The first of them, counted from 0.</summary>
    public required int First { get; init; }

    /// <summary>How many.</summary>
    public required int Count { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Count == 0 ? $"none from {First}" : $"{First} to {(long)First + Count - 1}";
}
