using VaeCluster.Contracts.Architectures;
using VaeCluster.Training.Models;
using static TorchSharp.torch;

namespace VaeCluster.Tests.Training.Evaluation;

/// <summary>
/// p(z) = N(0, 1), p(x|z) = N(w z + b, sigma^2 I): everything about it has a closed form. Its encoder is the exact posterior, moved and widened as a
/// test likes.
/// </summary>
internal sealed class LinearGaussian(double[] w, double[] b, double sigma, double shift = 0, double widening = 1) : Vae("LinearGaussian", 1, new([], ModelGraph.Posterior, []))
{
    public double Precision => 1 + (w.Sum(value => value * value) / (sigma * sigma));

    /// <summary>log N(x; b, w w^T + sigma^2 I), by the matrix determinant lemma and the Sherman-Morrison formula.</summary>
    public double LogLikelihood(double[] x)
    {
        var (squares, product) = (x.Zip(b).Sum(pair => Math.Pow(pair.First - pair.Second, 2)), x.Zip(b).Zip(w).Sum(p => (p.First.First - p.First.Second) * p.Second));
        var variance = sigma * sigma;
        var logDeterminant = (x.Length * Math.Log(variance)) + Math.Log(Precision);
        return -0.5 * ((x.Length * Math.Log(2 * Math.PI)) + logDeterminant + (squares / variance) - (product * product / (variance * variance * Precision)));
    }

    public override (Tensor Mean, Tensor LogVariance) Encode(Tensor x)
    {
        var mean = ((x - Row(b)) * Row(w)).sum(1, keepdim: true).Over(sigma * sigma * Precision);
        return (mean.Plus(shift), zeros_like(mean).Plus(Math.Log(widening / Precision)));
    }

    public override Tensor Decode(Tensor z) => (z * Row(w)).Plus(Row(b));

    private static Tensor Row(double[] values) => tensor(Array.ConvertAll(values, value => (float)value), [1, values.Length]);
}
