using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Grains.ParameterServer;

/// <summary>Answers pulls with parts of published weights.</summary>
internal static class PublishedParts
{
    /// <summary>One part of them.</summary>
    /// <param name="weights">The weights of a range, which it disposes of.</param>
    /// <param name="layout">How the model's tensors lie.</param>
    /// <param name="range">The range.</param>
    /// <param name="part">The part. One of another range has its owner elsewhere, as the next assignment says.</param>
    public static WeightsPart Answer(WeightsSnapshot weights, ParameterLayout layout, PartRange range, int part)
    {
        using (weights)
        {
            return !range.Contains(part) ? new() { Outcome = PullOutcome.NotStarted } : new()
            {
                Outcome = weights.IsFinal ? PullOutcome.Finished : PullOutcome.Weights,
                Step = weights.Step,
                // The message's own reference.
                Payload = weights.Parts[part - range.First].Retain(),
                PartCount = layout.PartCount,
                Scales = weights.ScalesOf(part - range.First),
            };
        }
    }
}
