using VaeCluster.Contracts.Specs;

namespace VaeCluster.Parameters.Schedules;

/// <summary>The weight of the KL term at each step, counted from 0.</summary>
public static class BetaSchedule
{
    /// <summary>The logistic function's argument runs from minus this to this over the warm-up: from 0.25 to 99.75 percent.</summary>
    private const double SigmoidReach = 6;

    /// <summary>
    /// Beta of a step; of <c>capacity</c> its gamma. <c>linear</c> rises from 0 at step 0 to its value at step <c>warmupSteps</c> and <c>sigmoid</c>
    /// along the logistic function about the middle of them (Bowman et al. 2016); <c>cyclical</c> rises again in each period (Fu et al. 2019).
    /// </summary>
    public static double At(BetaSpec spec, long step)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Schedule switch
        {
            BetaScheduleKind.Linear => Rise(spec.Value, step, spec.WarmupSteps),
            BetaScheduleKind.Cyclical => Rise(spec.Value, step % spec.Period, spec.WarmupSteps),
            BetaScheduleKind.Sigmoid => spec.Value / (1 + Math.Exp(SigmoidReach - (2 * SigmoidReach * step / spec.WarmupSteps))),
            _ => spec.Value,
        };
    }

    /// <summary>The KL that <c>capacity</c> holds a step to, in nats per example: from 0 up to its capacity over the warm-up (Burgess et al. 2018).</summary>
    public static double CapacityAt(BetaSpec spec, long step)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return Rise(spec.Capacity, step, spec.WarmupSteps);
    }

    private static double Rise(double value, long step, int steps) => step < steps ? value * step / steps : value;
}
