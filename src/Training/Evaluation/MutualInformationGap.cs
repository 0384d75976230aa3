using VaeCluster.Contracts.Evaluations;
using VaeCluster.Data;

namespace VaeCluster.Training.Evaluation;

/// <summary>
/// The mutual information gap (Chen et al. 2018, equation 6): for each factor v_k, how much more the most informative latent dimension says of it than
/// the next best, as a share of the factor's entropy: 1/K sum_k (I(z_j1; v_k) - I(z_j2; v_k)) / H(v_k). 1 when every factor has a dimension of its
/// own, 0 when none has. The information is that of a histogram: posterior means in 20 bins of equal width (Locatello et al. 2019, appendix B), whose
/// upward bias is much the same for all dimensions and so leaves the gap alone.
/// </summary>
public static class MutualInformationGap
{
    private const int Bins = 20;

    /// <summary>The gap of each factor; their mean is the score.</summary>
    /// <param name="means">Posterior means, shape [N, latent].</param>
    /// <param name="latent">Dimensions of the latent space.</param>
    /// <param name="factors">The factors of the same examples: row n belongs to the n-th of them.</param>
    /// <param name="firstExample">The table's row of the first of them.</param>
    public static IReadOnlyList<FactorGap> Of(float[] means, int latent, FactorTable factors, int firstExample)
    {
        ArgumentNullException.ThrowIfNull(means);
        ArgumentNullException.ThrowIfNull(factors);
        var count = means.Length / latent;
        var bins = Enumerable.Range(0, latent).Select(dimension => Binned(means, latent, dimension, count)).ToArray();
        return [.. Enumerable.Range(0, factors.Names.Count).Select(factor =>
        {
            var values = Enumerable.Range(0, count).Select(n => factors.Of(firstExample + n)[factor]).ToArray();
            var information = bins.Select(codes => MutualInformation(codes, values, Bins, factors.Sizes[factor])).ToArray();
            var ranked = Enumerable.Range(0, latent).OrderByDescending(dimension => information[dimension]).ToArray();
            var next = latent > 1 ? information[ranked[1]] : 0;
            var entropy = MutualInformation(values, values, factors.Sizes[factor], factors.Sizes[factor]);
            // A factor that these examples do not vary has no information, and is no merit.
            var gap = entropy > 0 ? (information[ranked[0]] - next) / entropy : 0;
            return new FactorGap(factors.Names[factor], ranked[0], information[ranked[0]], gap);
        })];
    }

    /// <summary>I(a; b) = sum p(a, b) log p(a, b) / (p(a) p(b)) of two columns of indices, in nats; of a column with itself its entropy.</summary>
    internal static double MutualInformation(int[] a, int[] b, int sizeA, int sizeB)
    {
        var (joint, ofA, ofB) = (new int[sizeA * sizeB], new int[sizeA], new int[sizeB]);
        for (var n = 0; n < a.Length; n++)
        {
            joint[(a[n] * sizeB) + b[n]]++;
            ofA[a[n]]++;
            ofB[b[n]]++;
        }
        var sum = 0.0;
        for (var cell = 0; cell < joint.Length; cell++)
        {
            if (joint[cell] > 0)
                sum += (double)joint[cell] / a.Length * Math.Log((double)joint[cell] * a.Length / ((double)ofA[cell / sizeB] * ofB[cell % sizeB]));
        }
        return sum;
    }

    private static int[] Binned(float[] means, int latent, int dimension, int count)
    {
        var values = Enumerable.Range(0, count).Select(n => means[(n * latent) + dimension]).ToArray();
        var (low, high) = (values.Min(), values.Max());
        return high > low ? Array.ConvertAll(values, value => Math.Min(Bins - 1, (int)(Bins * ((double)value - low) / ((double)high - low)))) : new int[count];
    }
}
