namespace VaeCluster.Contracts.Specs.Objectives;

/// <summary>-log 1/k sum_i p(x|z_i) p(z_i) / q(z_i|x), the importance-weighted bound (Burda, Grosse and Salakhutdinov 2016).</summary>
internal sealed class IwaeObjective : ObjectiveKind
{
    public override string Name => "iwae";

    public override string Formula(RunSpec spec) => $"-log 1/{spec.Objective.Samples} sum p(x|z) p(z) / q(z|x)";

    public override IEnumerable<SpecError> Check(RunSpec spec)
    {
        var objective = spec.Objective;
        var isElbo = objective is { FreeBits: 0, Beta: { Schedule: BetaScheduleKind.Constant, Value: 1 }, Collapse.Action: CollapseAction.Warn };
        if (!isElbo)
            yield return new(
                "objective.bound",
                "objective.bound is iwae, which is a bound only with a constant beta of 1 and no free bits, and one of them differs here.",
                "Leave objective.beta, objective.freeBits and objective.collapse.action out, or set objective.bound to elbo.");
        if (objective.Estimator != EstimatorKind.Reparameterization)
            yield return new(
                "objective.estimator",
                $"objective.estimator is {SpecNames.Of(objective.Estimator)}, but the gradient of iwae is estimated by reparameterization.",
                "Leave objective.estimator out, or set objective.bound to elbo.");
    }
}
