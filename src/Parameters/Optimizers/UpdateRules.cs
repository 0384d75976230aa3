using VaeCluster.Contracts.Specs;

namespace VaeCluster.Parameters.Optimizers;

/// <summary>Finds the rule that a spec names.</summary>
public static class UpdateRules
{
    /// <summary>The rule by which a run's parameter server updates: the outer one where trainers make local steps.</summary>
    public static IUpdateRule For(RunSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Training.LocalSteps > 1 ? new OuterRule(spec.Optimizer.Outer) : For(spec.Optimizer);
    }

    /// <summary>The rule that turns a batch's gradient into an update.</summary>
    public static IUpdateRule For(OptimizerSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Kind == OptimizerKind.Sgd ? new SgdRule(spec) : new AdamRule(spec);
    }
}
