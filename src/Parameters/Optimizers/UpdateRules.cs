using VaeCluster.Contracts.Specs;

namespace VaeCluster.Parameters.Optimizers;

/// <summary>Finds the rule that a spec names.</summary>
public static class UpdateRules
{
    /// <summary>The rule that a spec names.</summary>
    public static IUpdateRule For(OptimizerSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Kind == OptimizerKind.Sgd ? new SgdRule(spec) : new AdamRule(spec);
    }
}
