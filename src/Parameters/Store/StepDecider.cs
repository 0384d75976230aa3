using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data;
using VaeCluster.Parameters.Schedules;

namespace VaeCluster.Parameters.Store;

/// <summary>
/// Decides what becomes of a step, from its losses and from the norm of its whole gradient. A gradient that is not finite makes the step suspect the first
/// time, and it is computed again: a run that has diverged comes to the same, and a device that erred once does not. Not for use from two threads at once.
/// </summary>
/// <param name="spec">The complete spec.</param>
/// <param name="schedule">The run's steps.</param>
internal sealed class StepDecider(RunSpec spec, TrainingSchedule schedule)
{
    /// <summary>
    /// A mean gradient longer than this counts as not finite. Its squares would leave the range of Adam's moments soon, and a loss
    /// this steep has diverged.
    /// </summary>
    internal const double GradientNormMax = 1e18;

    private readonly LearningRateSchedule _learningRates = new(spec.Optimizer, schedule.BatchesPerEpoch, schedule.BatchCount);

    /// <summary>The step whose gradient was not finite when it was computed first, so that it is computed again.</summary>
    private long _suspectStep = -1;

    /// <summary>The decision about a step, and why every shard must be computed again; empty when it need not.</summary>
    /// <param name="reduced">One range of the gradient.</param>
    /// <param name="squareSums">The sums of squares of all ranges' chunks, in order.</param>
    /// <exception cref="NonFiniteException">The gradient is not finite, the second time too, and the spec says to fail.</exception>
    public (StepDecision Decision, string SuspectReason) Decide(ReducedGradient reduced, IEnumerable<double> squareSums)
    {
        var step = reduced.Step;
        var examples = schedule.ExamplesOf(step);
        var norm = Math.Sqrt(squareSums.Sum()) / examples;
        var decision = new StepDecision
        {
            Verdict = StepVerdict.Apply,
            Step = step,
            Attempt = reduced.Attempt,
            Examples = examples,
            GradientNorm = norm,
            LearningRate = _learningRates.At(schedule.LastBatchOf(step)),
        };
        if (norm <= GradientNormMax && StepReduction.IsFinite(reduced.Losses))
            return (decision, "");
        var reason = new NonFiniteException(step, reduced.Losses, norm, reduced.Suspect);
        if (_suspectStep != step)
        {
            _suspectStep = step;
            return (decision with { Verdict = StepVerdict.Repeat, NextAttempt = reduced.Attempt + 1 }, reason.Message);
        }
        return spec.Training.NonFinite == NonFiniteAction.Fail ? throw reason : (decision with { Verdict = StepVerdict.Skip }, "");
    }
}
