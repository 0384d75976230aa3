using System.Globalization;
using VaeCluster.Contracts.Trainers;

namespace VaeCluster.Training.Parameters;

/// <summary>A step's loss or gradient is not finite. The message names the step and the term.</summary>
public sealed class NonFiniteException : Exception
{
    /// <summary>Blames the first term that is not finite.</summary>
    /// <param name="step">The step, counted from 0.</param>
    /// <param name="losses">The step's losses.</param>
    /// <param name="gradientNorm">The global norm of its gradient.</param>
    public NonFiniteException(long step, LossSums losses, double gradientNorm)
        : base(Describe(step, losses, gradientNorm)) => Step = step;

    /// <summary>The step, counted from 0.</summary>
    public long Step { get; }

    private static string Describe(long step, LossSums losses, double gradientNorm)
    {
        ArgumentNullException.ThrowIfNull(losses);
        var (term, value) = !double.IsFinite(losses.Reconstruction) ? ("the reconstruction term", losses.Reconstruction)
            : !double.IsFinite(losses.Kl) ? ("the KL term", losses.Kl)
            : ("the gradient's norm", gradientNorm);
        return string.Create(CultureInfo.InvariantCulture, $"At step {step} {term} is {value}. Lower optimizer.learningRate, set optimizer.clipNorm, or set training.nonFinite to skip.");
    }
}
