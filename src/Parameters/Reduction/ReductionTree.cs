using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Parameters.Reduction;

/// <summary>
/// Adds gradient blocks along the one binary tree over the shards: a node is the sum of its two halves, lower half first. Floating-point
/// addition does not associate, so the tree is what makes a sum the same bits whoever computed which part and in what order
/// the parts came. Offering a block twice, or one inside another, changes nothing. Not for use from two threads at once.
/// </summary>
public sealed class ReductionTree
{
    private readonly int _shards;
    private readonly BufferPool _pool;
    private readonly List<GradientBlock> _blocks = [];
    private readonly List<byte[]> _sums = [];

    /// <summary>An empty tree.</summary>
    /// <param name="shards">Leaves of the tree: a power of two.</param>
    /// <param name="pool">Where sums get their memory; they go back with <see cref="Clear"/>.</param>
    public ReductionTree(int shards, BufferPool pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        if (shards < 1 || !BitOperations.IsPow2(shards))
            throw new ArgumentOutOfRangeException(nameof(shards), shards, "The number of shards must be a power of two.");
        _shards = shards;
        _pool = pool;
    }

    /// <summary>The largest blocks so far, ascending; no two overlap, and no two are siblings.</summary>
    public IReadOnlyList<GradientBlock> Blocks => _blocks;

    /// <summary>The sum over all shards; null until every shard is in.</summary>
    public GradientBlock? Root => _blocks.Count == 1 && _blocks[0].ShardCount == _shards ? _blocks[0] : null;

    /// <summary>Whether every example of these shards is in the tree already.</summary>
    public bool Holds(int firstShard, int shardCount) =>
        _blocks.Exists(block => block.FirstShard <= firstShard && firstShard + shardCount <= block.FirstShard + block.ShardCount);

    /// <summary>Puts a block in and adds up what that completes.</summary>
    /// <returns>Whether the block was new.</returns>
    /// <exception cref="ArgumentException">The block is not a node of this tree, or not as long as the blocks that are there.</exception>
    public bool Offer(GradientBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        if (!IsNode(block.FirstShard, block.ShardCount, _shards))
            throw new ArgumentException(
                $"Shards {block.FirstShard} to {block.FirstShard + block.ShardCount - 1} are not a node of the tree over {_shards} shards.",
                nameof(block));
        // Before anything changes: a refused block leaves the tree as it was.
        if (_blocks.Count > 0 && _blocks[0].Payload.Length != block.Payload.Length)
            throw new ArgumentException($"Blocks of {_blocks[0].Payload.Length} and {block.Payload.Length} bytes cannot be added.", nameof(block));
        if (Holds(block.FirstShard, block.ShardCount))
            return false;
        // What the block contains is in it, bit for bit, so the parts can go.
        _blocks.RemoveAll(block.Contains);
        Insert(block);
        return true;
    }

    /// <summary>Whether a range of shards is a node of the tree over a number of shards.</summary>
    public static bool IsNode(int firstShard, int shardCount, int shards) =>
        shardCount >= 1 && BitOperations.IsPow2(shardCount) && firstShard >= 0 && firstShard % shardCount == 0 && firstShard <= shards - shardCount;

    /// <summary>Empties the tree for the next step. Nobody may read a block that came out of it any more.</summary>
    public void Clear()
    {
        _blocks.Clear();
        _sums.ForEach(_pool.Return);
        _sums.Clear();
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

    private GradientBlock Add(GradientBlock lower, GradientBlock upper)
    {
        var sum = _pool.Rent(lower.Payload.Length);
        _sums.Add(sum);
        TensorPrimitives.Add(Floats(lower.Payload), Floats(upper.Payload), MemoryMarshal.Cast<byte, float>(sum.AsSpan()));
        Release(lower.Payload);
        Release(upper.Payload);
        return new(lower.FirstShard, 2 * lower.ShardCount, lower.Losses + upper.Losses, sum);
    }

    /// <summary>A sum that went into a larger one is of no more use; a payload that somebody offered is not ours to give away.</summary>
    private void Release(byte[] payload)
    {
        if (_sums.Remove(payload))
            _pool.Return(payload);
    }

    private static ReadOnlySpan<float> Floats(byte[] payload) => MemoryMarshal.Cast<byte, float>(payload);
}
