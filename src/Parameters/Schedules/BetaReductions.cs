using VaeCluster.Contracts.Specs;

namespace VaeCluster.Parameters.Schedules;

/// <summary>
/// How often beta was reduced because the posterior had collapsed. The count is a registered buffer of the model, so it travels, reduces and is
/// checkpointed with the weights: a replay gives the same bits.
/// </summary>
public static class BetaReductions
{
    /// <summary>Name of the registered buffer that holds the mean KL summed over the steps since the last check, in nats.</summary>
    public const string MeanKlBuffer = "collapse_kl";

    /// <summary>Name of the registered buffer that counts the reductions.</summary>
    public const string CountBuffer = "collapse_beta_reductions";

    /// <summary>The factor of beta after a number of reductions.</summary>
    public static double ScaleOf(CollapseSpec spec, double reductions)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return Math.Pow(spec.Factor, reductions);
    }
}
