using System.Runtime.InteropServices;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;

namespace VaeCluster.Tests.Parameters.Reduction;

/// <summary>Blocks of one part, and their sums by definition.</summary>
internal static class ReductionBlocks
{
    public const int Length = 37;

    public static GradientBlock Block(int first, int count, LossSums losses, byte[] payload) =>
        new() { Step = 0, FirstShard = first, ShardCount = count, Part = 0, Losses = losses, Payload = PartBuffer.Wrap(payload) };

    public static GradientBlock Block(int first, int count, LossSums losses, float[] values) =>
        Block(first, count, losses, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    /// <summary>A block with a payload of its own: a tree takes payloads over and adds in place.</summary>
    public static GradientBlock Copy(GradientBlock block) => block with { Payload = PartBuffer.Wrap(block.Payload.Bytes.ToArray()) };

    public static float[] Floats(GradientBlock block) => block.Payload.Values.ToArray();

    /// <summary>The definition: a node is its lower half plus its upper half.</summary>
    public static GradientBlock Sum(GradientBlock[] leaves, int first, int count)
    {
        if (count == 1)
            return leaves[first];
        var (lower, upper) = (Sum(leaves, first, count / 2), Sum(leaves, first + (count / 2), count / 2));
        var losses = new LossSums(
            lower.Losses.Examples + upper.Losses.Examples,
            lower.Losses.Reconstruction + upper.Losses.Reconstruction,
            lower.Losses.Kl + upper.Losses.Kl);
        return Block(first, count, losses, Floats(lower).Zip(Floats(upper), (a, b) => a + b).ToArray());
    }
}
