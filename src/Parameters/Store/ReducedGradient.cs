using System.Collections.Immutable;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;

namespace VaeCluster.Parameters.Store;

/// <summary>A range of a step's gradient, summed over all shards: what the decision about the step needs of it.</summary>
/// <param name="Step">The step.</param>
/// <param name="Attempt">Which attempt at the step, counted from 0.</param>
/// <param name="Losses">The loss terms of the step's examples.</param>
/// <param name="Contributors">Who computed which shards.</param>
/// <param name="Suspect">The first shards whose loss is not finite; null when all are finite.</param>
/// <param name="SquareSums">The sum of squares of each chunk of the range, in order.</param>
public sealed record ReducedGradient(
    long Step,
    int Attempt,
    LossSums Losses,
    ImmutableArray<ComputedBlock> Contributors,
    GradientBlock? Suspect,
    double[] SquareSums);
