using System.Runtime.InteropServices;
using VaeCluster.Parameters.Checkpoints;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Parameters.Store;

/// <summary>The step and its weights, in the layout's parts, replaced together. The bytes never change.</summary>
internal sealed record PublishedWeights(long Step, byte[][] Parts)
{
    public static PublishedWeights Create(ParameterLayout layout, ReadOnlySpan<float> initial)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentOutOfRangeException.ThrowIfNotEqual(initial.Length, layout.Length);
        var parts = new byte[layout.PartCount][];
        for (var part = 0; part < parts.Length; part++)
        {
            var (start, length) = layout.PartAt(part);
            parts[part] = MemoryMarshal.AsBytes(initial.Slice(start, length)).ToArray();
        }
        return new(0, parts);
    }

    public static PublishedWeights From(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return new(checkpoint.State.Step, [.. checkpoint.State.Weights]);
    }
}
