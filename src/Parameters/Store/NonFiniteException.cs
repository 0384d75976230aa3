using System.Globalization;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;

namespace VaeCluster.Parameters.Store;

/// <summary>A step's loss or gradient is not finite. The message names the step, the term and, where the loss shows them, the shards.</summary>
public sealed class NonFiniteException : Exception
{
    /// <summary>Blames the first term that is not finite.</summary>
    /// <param name="step">The step, counted from 0.</param>
    /// <param name="losses">The step's losses.</param>
    /// <param name="gradientNorm">The global norm of its mean gradient.</param>
    /// <param name="suspect">The first block of shards whose loss is not finite, if any is.</param>
    public NonFiniteException(long step, LossSums losses, double gradientNorm, GradientBlock? suspect)
        : base(Describe(step, losses, gradientNorm, suspect)) => Step = step;

    /// <summary>The step, counted from 0.</summary>
    public long Step { get; }

    private static string Describe(long step, LossSums losses, double gradientNorm, GradientBlock? suspect)
    {
        var blamed = suspect?.Losses ?? losses;
        var (term, value) = !double.IsFinite(blamed.Reconstruction) ? ("the reconstruction term", blamed.Reconstruction)
            : !double.IsFinite(blamed.Kl) ? ("the KL term", blamed.Kl)
            : ("the gradient's norm", gradientNorm);
        var where = suspect switch
        {
            null => "",
            { ShardCount: 1 } => $" in shard {suspect.FirstShard}",
            _ => $" in shards {suspect.FirstShard} to {suspect.FirstShard + suspect.ShardCount - 1}",
        };
        return string.Create(CultureInfo.InvariantCulture,
            $"At step {step} {term} is {value}{where}. Lower optimizer.learningRate, set optimizer.clipNorm, or set training.nonFinite to skip.");
    }
}
