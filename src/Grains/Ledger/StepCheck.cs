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
        var (next, batches) = (0, _schedule.BatchesOf(step.Step - 1));
        foreach (var block in step.Blocks)
        {
            if (block.FirstShard != next)
                _findings.Add(line, step.Step, "the next shard", $"{block.FirstShard}", $"{next}, so that each shard occurs once");
            if (block.Shards.Length % batches != 0)
                _findings.Add(line, step.Step, $"the number of ranges from shard {block.FirstShard}", $"{block.Shards.Length}",
                    $"a multiple of {batches}, one a batch");
            var shards = block.Shards.Length / batches;
            if (!ReductionTree.IsNode(block.FirstShard, shards, _schedule.Shards))
                _findings.Add(line, step.Step, "a block", $"{shards} shards from shard {block.FirstShard}",
                    $"a node of the tree over {_schedule.Shards} shards");
            if (string.IsNullOrWhiteSpace(block.Device))
                _findings.Add(line, step.Step, $"the device of shard {block.FirstShard}", "empty", "silo/device");
            TakeShards(line, step, block, shards, batches);
            next = block.FirstShard + shards;
        }
        if (next != _schedule.Shards)
            _findings.Add(line, step.Step, "the number of shards that the blocks end at", $"{next}", $"{_schedule.Shards}");
    }

    private void TakeShards(long line, LedgerStep step, LedgerBlock block, int shards, int batches)
    {
        for (var i = 0; i < shards; i++)
        {
            var shard = (long)block.FirstShard + i;
            if (shard < 0 || shard >= _schedule.Shards)
                continue;
            var expected = LedgerStep.SlicesOf(_schedule, step.Step, (int)shard);
            for (var batch = 0; batch < batches; batch++)
                CompareRange(line, step, $"the range of shard {shard}", block.Shards[(i * batches) + batch], expected[batch]);
        }
        _shardsByDevice[block.Device] = _shardsByDevice.GetValueOrDefault(block.Device) + shards;
    }

    private void CompareRange(long line, LedgerStep step, string what, LedgerRange found, LedgerRange expected)
    {
        if (found != expected)
            _findings.Add(line, step.Step, what, $"positions {found}", $"{expected}");
    }
}
