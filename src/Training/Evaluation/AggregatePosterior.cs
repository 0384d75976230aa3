using System.Numerics;
using System.Runtime.InteropServices;
using VaeCluster.Data.Randomness;

namespace VaeCluster.Training.Evaluation;

/// <summary>
/// The aggregate posterior q(z) = 1/N sum_n q(z|x_n) of N examples, and the two parts of the mean KL that it shows (Hoffman and Johnson 2016, "ELBO
/// surgery"): 1/N sum_n KL(q(z|x_n) || p(z)) = I_q(x; z) + KL(q(z) || p(z)).
/// </summary>
public static class AggregatePosterior
{
    /// <summary>Most examples it is made of: its density at each point is a sum over all of them, so the work grows with their square.</summary>
    public const int ExamplesMax = 5000;

    /// <summary>Most latent values of them together, so that they fit in a message whatever the model: 8 MiB of means and as many of variances.</summary>
    private const int ValuesMax = 1 << 21;

    /// <summary>Most examples that it is made of for a model.</summary>
    public static int ExamplesFor(int latent) => Math.Min(ExamplesMax, ValuesMax / latent);

    /// <summary>
    /// Estimates I_q(x; z) = E[log q(z|x) - log q(z)] with one draw z_n ~ q(z|x_n) per example, the mixture's density taken exactly: unbiased for the
    /// examples at hand, and at most log N. The marginal KL is what is left of the mean KL, which has a closed form.
    /// </summary>
    /// <param name="means">Posterior means, shape [N, latent].</param>
    /// <param name="logVariances">The logarithms of their variances, shape [N, latent].</param>
    /// <param name="latent">Dimensions of the latent space.</param>
    /// <param name="seed">Keys the draws.</param>
    /// <returns>The mutual information and the marginal KL, nats.</returns>
    public static (double MutualInformation, double MarginalKl) Estimate(float[] means, float[] logVariances, int latent, long seed)
    {
        ArgumentNullException.ThrowIfNull(means);
        ArgumentNullException.ThrowIfNull(logVariances);
        var count = means.Length / latent;
        var precisions = Array.ConvertAll(logVariances, value => MathF.Exp(-value));
        var logDeterminants = Enumerable.Range(0, count).Select(n => Sum(logVariances.AsSpan(n * latent, latent))).ToArray();
        var information = new double[count];
        // Each draw is a task of its own, and they are added up in order below, so that the number of processors changes no bit.
        Parallel.For(0, count, n =>
        {
            var z = new float[latent];
            new CounterRandom(seed, RandomPurpose.AggregateNoise, n).FillNormal(z);
            for (var j = 0; j < latent; j++)
                z[j] = means[(n * latent) + j] + (MathF.Exp(logVariances[(n * latent) + j] / 2) * z[j]);
            var mixture = new LogMeanExp();
            for (var m = 0; m < count; m++)
                mixture.Add(LogDensity(m));
            information[n] = LogDensity(n) - mixture.Value;

            // Without the constant of the Gaussian, which is in both densities.
            double LogDensity(int m) =>
                -0.5 * (SquaredDistance(z, means.AsSpan(m * latent, latent), precisions.AsSpan(m * latent, latent)) + logDeterminants[m]);
        });
        var mutualInformation = information.Sum() / count;
        return (mutualInformation, MeanKl(means, logVariances, count) - mutualInformation);
    }

    /// <summary>1/N sum_n KL(q(z|x_n) || N(0, I)).</summary>
    private static double MeanKl(float[] means, float[] logVariances, int count)
    {
        var sum = 0.0;
        for (var i = 0; i < means.Length; i++)
            sum += 0.5 * ((means[i] * (double)means[i]) + Math.Exp(logVariances[i]) - 1 - logVariances[i]);
        return sum / count;
    }

    /// <summary>sum_j (z_j - mean_j)^2 precision_j.</summary>
    private static float SquaredDistance(ReadOnlySpan<float> z, ReadOnlySpan<float> mean, ReadOnlySpan<float> precision)
    {
        var zs = Vectors(z);
        var ms = Vectors(mean);
        var ps = Vectors(precision);
        var sums = Vector<float>.Zero;
        for (var i = 0; i < zs.Length; i++)
            sums += (zs[i] - ms[i]) * (zs[i] - ms[i]) * ps[i];
        var sum = Vector.Sum(sums);
        for (var j = zs.Length * Vector<float>.Count; j < z.Length; j++)
            sum += (z[j] - mean[j]) * (z[j] - mean[j]) * precision[j];
        return sum;
    }

    private static ReadOnlySpan<Vector<float>> Vectors(ReadOnlySpan<float> values) => MemoryMarshal.Cast<float, Vector<float>>(values);

    private static double Sum(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return sum;
    }
}
