using static System.FormattableString;

namespace VaeCluster.Contracts.Specs;

/// <summary>Which parts of an objective go together, and which a model can have.</summary>
internal static class ObjectiveRules
{
    public static void Check(RunSpec spec, List<SpecError> errors)
    {
        CheckBeta(spec.Objective.Beta, errors);
        CheckLikelihood(spec, errors);
        var (model, objective) = (SpecKinds.ModelOf(spec), SpecKinds.ObjectiveOf(spec));
        if (!model.HasPosterior)
            CheckWithoutPosterior(spec, model, objective, errors);
        errors.AddRange(objective.Check(spec));
    }

    private static void CheckBeta(BetaSpec beta, List<SpecError> errors)
    {
        var schedule = SpecNames.Of(beta.Schedule);
        var rises = beta.Schedule != BetaScheduleKind.Constant;
        if (rises && beta.WarmupSteps == 0)
            errors.Add(new(
                "objective.beta.warmupSteps",
                $"objective.beta.warmupSteps is 0; a {schedule} schedule must say over how many steps "
                    + $"{(beta.Schedule == BetaScheduleKind.Capacity ? "the capacity" : "beta")} rises.",
                "Set it to 1 or more, or objective.beta.schedule to constant."));
        if (!rises && beta.WarmupSteps > 0)
            errors.Add(new(
                "objective.beta.warmupSteps",
                $"objective.beta.warmupSteps is {beta.WarmupSteps}, but the schedule is constant and has no warm-up.",
                "Set objective.beta.schedule to linear, or leave the steps out."));
        var hasPeriod = beta.Schedule == BetaScheduleKind.Cyclical;
        if (hasPeriod && beta.Period < Math.Max(1, beta.WarmupSteps))
            errors.Add(new(
                "objective.beta.period",
                $"objective.beta.period is {beta.Period} and objective.beta.warmupSteps is {beta.WarmupSteps}; a cycle must be at least as long as its rise.",
                $"Set it to {Math.Max(1, beta.WarmupSteps)} or more."));
        if (!hasPeriod && beta.Period > 0)
            errors.Add(new(
                "objective.beta.period",
                $"objective.beta.period is {beta.Period}, but a {schedule} schedule has no cycles.",
                "Set objective.beta.schedule to cyclical, or leave the period out."));
        var hasCapacity = beta.Schedule == BetaScheduleKind.Capacity;
        if (hasCapacity && beta.Capacity <= 0)
            errors.Add(new(
                "objective.beta.capacity",
                "objective.beta.capacity is 0; a capacity schedule must say which KL it ends at, in nats.",
                "Set it to e.g. 25."));
        if (!hasCapacity && beta.Capacity > 0)
            errors.Add(new(
                "objective.beta.capacity",
                Invariant($"objective.beta.capacity is {beta.Capacity}, but a {schedule} schedule has none."),
                "Set objective.beta.schedule to capacity, or leave it out."));
    }

    private static void CheckLikelihood(RunSpec spec, List<SpecError> errors)
    {
        var objective = spec.Objective;
        var isGaussian = objective.Likelihood == LikelihoodKind.Gaussian;
        if (objective.SigmaMode == SigmaModeKind.Learned && !isGaussian)
            errors.Add(new(
                "objective.sigmaMode",
                "objective.sigmaMode is learned, but the likelihood is bernoulli and has no sigma.",
                "Set objective.likelihood to gaussian."));
        if (objective.Mean == MeanKind.Sigmoid && !isGaussian)
            errors.Add(new(
                "objective.mean",
                "objective.mean is sigmoid, but the likelihood is bernoulli and takes the output for logits already.",
                "Set objective.likelihood to gaussian, or leave objective.mean out."));
    }

    /// <summary>Without a distribution over codes there is no bound, no draw and no KL to weigh.</summary>
    private static void CheckWithoutPosterior(RunSpec spec, ModelKind model, ObjectiveKind kind, List<SpecError> errors)
    {
        var (objective, untouched) = (spec.Objective, new ObjectiveSpec());
        void Refuse(bool isSet, string path)
        {
            if (isSet)
                errors.Add(new(
                    path,
                    $"{path} is set, but the model {model.Name} has no posterior, so the field has no effect.",
                    "Leave it out, or choose a model that has one, such as mlp."));
        }
        Refuse(kind.NeedsPosterior, "objective.bound");
        Refuse(objective.Samples != untouched.Samples, "objective.samples");
        Refuse(objective.Estimator != untouched.Estimator, "objective.estimator");
        Refuse(objective.FreeBits != untouched.FreeBits, "objective.freeBits");
        Refuse(objective.Beta.Schedule != untouched.Beta.Schedule || objective.Beta.Value != untouched.Beta.Value, "objective.beta");
        Refuse(objective.Collapse.Action != untouched.Collapse.Action, "objective.collapse.action");
    }
}
