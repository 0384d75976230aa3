using System.Collections.Immutable;
using VaeCluster.Data;
using VaeCluster.Parameters.Reduction;

namespace VaeCluster.Grains.Ledger;

/// <summary>Checks one line of a ledger against the schedule that follows from the spec and the data.</summary>
internal sealed class StepCheck
{
    private readonly TrainingSchedule _schedule;
    private readonly LedgerFindings _findings;
    private readonly Dictionary<string, long> _shardsByDevice = new(StringComparer.Ordinal);

    public StepCheck(TrainingSchedule schedule, LedgerFindings findings) => (_schedule, _findings) = (schedule, findings);

    /// <summary>How many gradients of shards each device computed.</summary>
    public ImmutableSortedDictionary<string, long> ShardsByDevice => _shardsByDevice.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public void Take(long line, LedgerStep step)
    {
        _findings.Compare(line, step.Step, "the epoch", step.Epoch, _schedule.EpochOf(step.Step - 1) + 1);
        CompareRange(line, step, "the range of the batch", step.Batch, LedgerStep.BatchOf(_schedule, step.Step));
        var next = 0;
        foreach (var block in step.Blocks)
        {
            if (block.FirstShard != next)
                _findings.Add(line, step.Step, "the next shard", $"{block.FirstShard}", $"{next}, so that each shard occurs once");
            if (!ReductionTree.IsNode(block.FirstShard, block.Shards.Length, _schedule.Shards))
                _findings.Add(line, step.Step, "a block", $"{block.Shards.Length} shards from shard {block.FirstShard}",
                    $"a node of the tree over {_schedule.Shards} shards");
            if (string.IsNullOrWhiteSpace(block.Device))
                _findings.Add(line, step.Step, $"the device of shard {block.FirstShard}", "empty", "silo/device");
            TakeShards(line, step, block);
            next = block.FirstShard + block.Shards.Length;
        }
        if (next != _schedule.Shards)
            _findings.Add(line, step.Step, "the number of shards that the blocks end at", $"{next}", $"{_schedule.Shards}");
    }

    private void TakeShards(long line, LedgerStep step, LedgerBlock block)
    {
        for (var i = 0; i < block.Shards.Length; i++)
        {
            var shard = (long)block.FirstShard + i;
            if (shard < 0 || shard >= _schedule.Shards)
                continue;
            CompareRange(line, step, $"the range of shard {shard}", block.Shards[i], LedgerStep.SliceOf(_schedule, step.Step, (int)shard));
        }
        _shardsByDevice[block.Device] = _shardsByDevice.GetValueOrDefault(block.Device) + block.Shards.Length;
    }

    private void CompareRange(long line, LedgerStep step, string what, LedgerRange found, LedgerRange expected)
    {
        if (found != expected)
            _findings.Add(line, step.Step, what, $"positions {found}", $"{expected}");
    }
}
