using VaeCluster.Contracts.Specs;

namespace VaeCluster.Training.Objectives;

/// <summary>The weight of the KL term at each step.</summary>
public static class BetaSchedule
{
    /// <summary>Beta of a step, counted from 0. <c>linear</c> rises from 0 at step 0 to its value at step <c>warmupSteps</c> (Bowman et al. 2016).</summary>
    public static double At(BetaSpec spec, long step)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Schedule == BetaScheduleKind.Linear && step < spec.WarmupSteps
            ? spec.Value * step / spec.WarmupSteps
            : spec.Value;
    }
}
