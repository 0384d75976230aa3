using System.Collections.Immutable;
using VaeCluster.Contracts.ParameterServer;

namespace VaeCluster.Parameters.Store;

/// <summary>
/// Remembers who computed which shards of a step. The reduction merges blocks and forgets where they came from, so this stands beside it.
/// A larger block that replaces smaller ones replaces those who computed them too. Not for use from two threads at once.
/// </summary>
internal sealed class StepContributors
{
    private readonly List<ComputedBlock> _blocks = [];

    /// <summary>Who computed what, ascending.</summary>
    public ImmutableArray<ComputedBlock> Blocks => [.. _blocks.OrderBy(block => block.FirstShard)];

    /// <summary>Takes a block that the reduction found to be new.</summary>
    public void Add(GradientBlock added)
    {
        var (first, end) = (added.FirstShard, added.FirstShard + added.ShardCount);
        _blocks.RemoveAll(block => first <= block.FirstShard && block.FirstShard + block.ShardCount <= end);
        _blocks.Add(new(added.FirstShard, added.ShardCount, added.Device));
    }

    /// <summary>Forgets the step.</summary>
    public void Clear() => _blocks.Clear();
}
