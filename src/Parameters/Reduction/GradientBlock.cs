using VaeCluster.Contracts.Runs;

namespace VaeCluster.Parameters.Reduction;

/// <summary>The sum over the examples of an aligned block of shards, of one part of the flat vector.</summary>
/// <param name="FirstShard">A multiple of <paramref name="ShardCount"/>.</param>
/// <param name="ShardCount">A power of two.</param>
/// <param name="Losses">Terms of the loss, summed over the same examples.</param>
/// <param name="Payload">Little-endian float32. Nobody changes it while the step that it belongs to is under way.</param>
public sealed record GradientBlock(int FirstShard, int ShardCount, LossSums Losses, byte[] Payload)
{
    internal bool Contains(GradientBlock other) =>
        FirstShard <= other.FirstShard && other.FirstShard + other.ShardCount <= FirstShard + ShardCount;
}
