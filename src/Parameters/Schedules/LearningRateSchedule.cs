using VaeCluster.Contracts.Specs;

namespace VaeCluster.Parameters.Schedules;

/// <summary>The learning rate of each step of the optimizer, which is one a batch: a linear warm-up, then what the spec names.</summary>
public sealed class LearningRateSchedule
{
    private readonly OptimizerSpec _spec;
    private readonly int _stepsPerEpoch;
    private readonly long _stepCount;

    /// <summary>The schedule of a run.</summary>
    /// <param name="spec">Its optimizer.</param>
    /// <param name="stepsPerEpoch">Batches in an epoch.</param>
    /// <param name="stepCount">Batches of the run.</param>
    public LearningRateSchedule(OptimizerSpec spec, int stepsPerEpoch, long stepCount)
    {
        _spec = spec;
        _stepsPerEpoch = stepsPerEpoch;
        _stepCount = stepCount;
    }

    /// <summary>The rate of a step, counted from 0.</summary>
    public double At(long step)
    {
        var (peak, schedule) = (_spec.LearningRate, _spec.Schedule);
        if (step < schedule.WarmupSteps)
            return peak * (step + 1) / schedule.WarmupSteps;
        // 0 right after the warm-up, 1 at the last step.
        var last = Math.Max(1, _stepCount - 1 - schedule.WarmupSteps);
        var progress = Math.Clamp((double)(step - schedule.WarmupSteps) / last, 0, 1);
        return schedule.Kind switch
        {
            LearningRateScheduleKind.Linear => peak * (1 - ((1 - schedule.FinalFraction) * progress)),
            LearningRateScheduleKind.Cosine => peak * (schedule.FinalFraction + ((1 - schedule.FinalFraction) * (1 + Math.Cos(Math.PI * progress)) / 2)),
            LearningRateScheduleKind.Step => peak * Math.Pow(schedule.StepFactor, StageOf(step / _stepsPerEpoch)),
            _ => peak,
        };
    }

    /// <summary>The stage of an epoch, both counted from 0: stage i lasts stepEpochs * stepGrowth^i epochs.</summary>
    private int StageOf(long epoch)
    {
        var (length, growth) = ((double)_spec.Schedule.StepEpochs, _spec.Schedule.StepGrowth);
        if (growth == 1)
            return (int)(epoch / _spec.Schedule.StepEpochs);
        var stage = 0;
        for (var end = length; epoch >= end; end += length)
            (stage, length) = (stage + 1, length * growth);
        return stage;
    }
}
