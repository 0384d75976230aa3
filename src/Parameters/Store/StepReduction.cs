using System.Collections.Immutable;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Parameters.Compression;
using VaeCluster.Parameters.Reduction;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Parameters.Store;

/// <summary>
/// The gradient of the current step while it is added up: one tree for each part of a range of the flat vector, and the first
/// block whose loss is not finite. Safe to use from many threads: blocks of different parts are added at the same time.
/// </summary>
internal sealed class StepReduction
{
    private readonly ParameterLayout _layout;
    private readonly PartRange _range;
    private readonly int _shards;
    private readonly GradientCompression _compression;
    private readonly Func<WeightsSnapshot> _published;
    private readonly Lock[] _partGates;
    private readonly ReductionTree[] _trees;

    /// <summary>An empty reduction.</summary>
    /// <param name="layout">How the model's tensors lie.</param>
    /// <param name="range">The parts.</param>
    /// <param name="shards">Shards of a step.</param>
    /// <param name="compression">How gradients travel.</param>
    /// <param name="published">The range's weights of the current step, which change only within <see cref="Restart"/>.</param>
    public StepReduction(ParameterLayout layout, PartRange range, int shards, GradientCompression compression, Func<WeightsSnapshot> published)
    {
        _layout = layout;
        _range = range;
        _shards = shards;
        _compression = compression;
        _published = published;
        _partGates = [.. Enumerable.Range(0, range.Count).Select(_ => new Lock())];
        _trees = [.. Enumerable.Range(0, range.Count).Select(_ => new ReductionTree(shards))];
    }

    /// <summary>The first shards of the step whose loss is not finite; null when all are finite. Written under the gate of the first part.</summary>
    public GradientBlock? Suspect { get; private set; }

    /// <summary>Takes a block over, with the reference to its payload; releases that of one which is there already or does not belong to the step.</summary>
    public PushAnswer Offer(GradientBlock block)
    {
        var answer = TryTake(block);
        if (answer.Outcome != PushOutcome.Accepted)
            block.Payload.Release();
        return answer;
    }

    /// <summary>The shards that the current step waits for, ascending: those of which a part is missing.</summary>
    public ImmutableArray<int> MissingShards()
    {
        var missing = new SortedSet<int>();
        for (var part = 0; part < _trees.Length; part++)
        {
            lock (_partGates[part])
                missing.UnionWith(Enumerable.Range(0, _shards).Where(shard => !_trees[part].Holds(shard, 1)));
        }
        return [.. missing];
    }

    /// <summary>The sum over all shards of each part; null for a part that lacks some.</summary>
    public GradientBlock?[] Roots()
    {
        var roots = new GradientBlock?[_trees.Length];
        for (var part = 0; part < roots.Length; part++)
        {
            lock (_partGates[part])
                roots[part] = _trees[part].Root;
        }
        return roots;
    }

    /// <summary>Publishes a step, or the same step again, and clears what was added up for the one before.</summary>
    /// <param name="publish">Puts the weights in place for everybody.</param>
    public void Restart(Action publish)
    {
        // Every part's gate, in order: a push that is under way sees either the step before or the step after, never a mixture.
        foreach (var gate in _partGates)
            gate.Enter();
        publish();
        Suspect = null;
        Array.ForEach(_trees, tree => tree.Clear());
        foreach (var gate in _partGates)
            gate.Exit();
    }

    /// <summary>Whether both terms are finite.</summary>
    public static bool IsFinite(LossSums losses) => double.IsFinite(losses.Reconstruction) && double.IsFinite(losses.Kl);

    private PushAnswer TryTake(GradientBlock block)
    {
        if (Refusal(block) is { } refusal)
            return new(PushOutcome.Refused, refusal);
        var part = block.Part - _range.First;
        lock (_partGates[part])
        {
            var current = _published();
            if (block.Step != current.Step)
                return new(PushOutcome.OtherStep, $"The run is at step {current.Step}.");
            if (Refusal(block, current) is { } wrongPayload)
                return new(PushOutcome.Refused, wrongPayload);
            if (!_trees[part].Offer(block))
                return new(PushOutcome.Duplicate);
            if (part == 0 && !IsFinite(block.Losses) && !(Suspect?.FirstShard <= block.FirstShard))
                Suspect = block;
            return new(PushOutcome.Accepted);
        }
    }

    private string? Refusal(GradientBlock block)
    {
        if (block.Part < 0 || block.Part >= _layout.PartCount)
            return $"Part {block.Part} of a gradient that has {_layout.PartCount} parts.";
        if (!_range.Contains(block.Part))
            return $"Part {block.Part} belongs to another parameter server of the run; this one has parts {_range.First} to {_range.End - 1}.";
        if (!ReductionTree.IsNode(block.FirstShard, block.ShardCount, _shards))
            return $"Shards {block.FirstShard} to {block.FirstShard + block.ShardCount - 1} are not a node of the tree over {_shards} shards.";
        // Float32 has one length at every step.
        return block.Format == default ? RefusalOfLength(block) : null;
    }

    /// <summary>How a part travels depends on the step, so this is asked of a block of the current one.</summary>
    private string? Refusal(GradientBlock block, WeightsSnapshot current)
    {
        var format = _compression.FormatOf(block.Part, current.ScalesOf(block.Part - _range.First));
        if (block.Format != format)
            return $"The payload is {GradientPayload.Describe(block.Format)}; "
                + $"part {block.Part} of this run travels as {GradientPayload.Describe(format)} at step {block.Step}.";
        return RefusalOfLength(block);
    }

    private string? RefusalOfLength(GradientBlock block)
    {
        var bytes = _compression.LengthOf(block.Part, block.Format, block.ShardCount);
        return block.Payload.Length == bytes ? null : $"The payload has {block.Payload.Length} bytes; part {block.Part} of this model has {bytes}.";
    }
}
