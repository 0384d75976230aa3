using System.Numerics;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Parameters.Compression;

namespace VaeCluster.Parameters.Reduction;

/// <summary>
/// Adds gradient blocks along the one binary tree over the shards: a node is the sum of its two halves, lower half first. Floating-point
/// addition does not associate, so the tree is what makes a sum the same bits whoever computed which part and in what order
/// the parts came. Offering a block twice, or one inside another, changes nothing. The tree owns the payloads of the
/// blocks in it. Not for use from two threads at once.
/// </summary>
public sealed class ReductionTree
{
    private readonly int _shards;
    private readonly List<GradientBlock> _blocks = [];

    /// <summary>An empty tree.</summary>
    /// <param name="shards">Leaves of the tree: a power of two.</param>
    public ReductionTree(int shards)
    {
        if (shards < 1 || !BitOperations.IsPow2(shards))
            throw new ArgumentOutOfRangeException(nameof(shards), shards, "The number of shards must be a power of two.");
        _shards = shards;
    }

    /// <summary>The largest blocks so far, ascending; no two overlap, and no two are siblings.</summary>
    public IReadOnlyList<GradientBlock> Blocks => _blocks;

    /// <summary>The sum over all shards; null until every shard is in.</summary>
    public GradientBlock? Root => _blocks.Count == 1 && _blocks[0].ShardCount == _shards ? _blocks[0] : null;

    /// <summary>Whether every example of these shards is in the tree already.</summary>
    public bool Holds(int firstShard, int shardCount) =>
        _blocks.Exists(block => block.FirstShard <= firstShard && firstShard + shardCount <= block.FirstShard + block.ShardCount);

    /// <summary>Puts a block in and adds up what that completes.</summary>
    /// <returns>Whether the block was new. Then the tree has taken over the reference to its payload; else the caller still owns it.</returns>
    /// <exception cref="ArgumentException">The block is not a node of this tree, or not as long as the blocks that are there.</exception>
    public bool Offer(GradientBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        if (!IsNode(block.FirstShard, block.ShardCount, _shards))
            throw new ArgumentException(
                $"Shards {block.FirstShard} to {block.FirstShard + block.ShardCount - 1} are not a node of the tree over {_shards} shards.",
                nameof(block));
        // Before anything changes: a refused block leaves the tree as it was.
        if (_blocks.Count > 0 && WhyNotAlike(_blocks[0], block) is { } reason)
            throw new ArgumentException(reason, nameof(block));
        if (Holds(block.FirstShard, block.ShardCount))
            return false;
        // What the block contains is in it, bit for bit, so the parts can go.
        foreach (var contained in _blocks.FindAll(block.Contains))
        {
            _blocks.Remove(contained);
            contained.Payload.Release();
        }
        Insert(block);
        return true;
    }

    /// <summary>Whether a range of shards is a node of the tree over a number of shards.</summary>
    public static bool IsNode(int firstShard, int shardCount, int shards) =>
        shardCount >= 1 && BitOperations.IsPow2(shardCount) && firstShard >= 0 && firstShard % shardCount == 0 && firstShard <= shards - shardCount;

    /// <summary>Empties the tree for the next step.</summary>
    public void Clear()
    {
        foreach (var block in _blocks)
            block.Payload.Release();
        _blocks.Clear();
    }

    /// <summary>Empties the tree and gives its blocks to the caller, who owns their payloads from then on.</summary>
    public IReadOnlyList<GradientBlock> Take()
    {
        GradientBlock[] blocks = [.. _blocks];
        _blocks.Clear();
        return blocks;
    }

    /// <summary>Why two blocks cannot be of one sum; null when they can.</summary>
    private static string? WhyNotAlike(GradientBlock one, GradientBlock other)
    {
        if (one.Format != other.Format)
            return $"Blocks of {GradientPayload.Describe(one.Format)} and of {GradientPayload.Describe(other.Format)} cannot be added.";
        // Encoded blocks of different nodes have different lengths, which follow from the format.
        var length = one.Format.Encoding == GradientEncoding.Plain ? one.Payload.Length : GradientPayload.LengthOf(other.Format, other.ShardCount);
        return other.Payload.Length == length ? null : $"Blocks of {length} and {other.Payload.Length} bytes cannot be added.";
    }

    private void Insert(GradientBlock block)
    {
        while (block.ShardCount < _shards)
        {
            var isLower = block.FirstShard / block.ShardCount % 2 == 0;
            var siblingFirst = isLower ? block.FirstShard + block.ShardCount : block.FirstShard - block.ShardCount;
            var index = _blocks.FindIndex(other => other.FirstShard == siblingFirst && other.ShardCount == block.ShardCount);
            if (index < 0)
                break;
            var sibling = _blocks[index];
            _blocks.RemoveAt(index);
            block = isLower ? Add(block, sibling) : Add(sibling, block);
        }
        var place = _blocks.FindIndex(other => other.FirstShard > block.FirstShard);
        _blocks.Insert(place < 0 ? _blocks.Count : place, block);
    }

    private static GradientBlock Add(GradientBlock lower, GradientBlock upper) => lower with
    {
        ShardCount = 2 * lower.ShardCount,
        Losses = lower.Losses + upper.Losses,
        Payload = GradientPayload.Add(lower, upper),
        Contributors = [.. lower.Contributors, .. upper.Contributors],
    };
}
