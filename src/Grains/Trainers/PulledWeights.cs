namespace VaeCluster.Grains.Trainers;

/// <summary>The weights of a step, as a trainer pulled them.</summary>
/// <param name="Step">The step whose gradients are computed with them.</param>
/// <param name="IsFinished">Whether they are those after the last step.</param>
/// <param name="Parts">The flat vector, in the layout's parts. They may be another trainer's too: nobody writes to them.</param>
internal sealed record PulledWeights(long Step, bool IsFinished, IReadOnlyList<byte[]> Parts);
