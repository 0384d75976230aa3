using static System.FormattableString;

namespace VaeCluster.Contracts.Specs.Objectives;

/// <summary>-E_q[log p(x|z)] + beta KL(q(z|x) || N(0, I)) (Kingma and Welling 2014; Higgins et al. 2017).</summary>
internal sealed class ElboObjective : ObjectiveKind
{
    /// <summary>The default of <c>objective.bound</c>.</summary>
    public const string NameInSpec = "elbo";

    public override string Name => NameInSpec;

    public override bool WeighsKl => true;

    public override string Formula(RunSpec spec) => spec.Objective.Beta switch
    {
        { Schedule: BetaScheduleKind.Capacity } beta => Invariant($"-E_q[log p(x|z)] + {beta.Value:G6} |KL - C|, C up to {beta.Capacity:G6}"),
        { Schedule: BetaScheduleKind.Constant } beta => Invariant($"-E_q[log p(x|z)] + {beta.Value:G6} KL"),
        var beta => Invariant($"-E_q[log p(x|z)] + beta KL, beta up to {beta.Value:G6}"),
    };

    public override IEnumerable<SpecError> Check(RunSpec spec)
    {
        var objective = spec.Objective;
        var isCapacity = objective.Beta.Schedule == BetaScheduleKind.Capacity;
        if (objective.FreeBits > 0 && isCapacity)
            yield return new(
                "objective.freeBits",
                Invariant($"objective.freeBits is {objective.FreeBits}, but the schedule is capacity, which already sets the KL."),
                "Leave one of them out.");
        if (objective.Estimator == EstimatorKind.StickingTheLanding && (isCapacity || objective.FreeBits > 0))
            yield return new(
                "objective.estimator",
                "objective.estimator is sticking-the-landing, which draws the KL, but free bits and a capacity need it in closed form.",
                "Set objective.estimator to reparameterization.");
        if (objective.Collapse.Action == CollapseAction.LowerBeta && isCapacity)
            yield return new(
                "objective.collapse.action",
                "objective.collapse.action is lower-beta, but with a capacity schedule a larger weight keeps the posterior from "
                    + "collapsing, and a lower one does not.",
                "Leave objective.collapse.action out, or choose another schedule.");
    }
}
