namespace VaeCluster.Training.Evaluation;

/// <summary>
/// Latent dimensions that are in use: those whose posterior mean varies with the example, Cov_x(E_q[z_j|x]) over 0.01 (Burda et al. 2016,
/// section 5.2).
/// </summary>
public static class ActiveUnits
{
    /// <summary>What the variance must exceed.</summary>
    public const double VarianceMin = 0.01;

    /// <summary>How many of these variances exceed it.</summary>
    public static int Count(IEnumerable<double> meanVariances) => meanVariances.Count(variance => variance > VarianceMin);
}
