using System.Runtime.InteropServices;
using TorchSharp;
using VaeCluster.Contracts.Architectures;
using VaeCluster.Tests.Training.Models;
using VaeCluster.Training.Models;
using static TorchSharp.torch;

namespace VaeCluster.Tests.Training.Objectives;

/// <summary>
/// A VAE whose posterior and evidence are known: z ~ N(0, I) in two dimensions, x = W z + sigma e with orthogonal columns of W of squared length s.
/// Then p(z|x) = N(W'x / (s + sigma^2), sigma^2 / (s + sigma^2)), and x ~ N(0, W W' + sigma^2 I).
/// </summary>
internal static class LinearGaussian
{
    public const double Sigma = 0.5;
    public const double SquaredLength = 4;

    /// <summary>Columns (1, 1, 1, 1) and (1, -1, 1, -1).</summary>
    private static readonly double[] W = [1, 1, 1, -1, 1, 1, 1, -1];

    public static double[] X => [0.7, -0.2, 1.1, 0.4, -0.5, 0.3, 0.2, -1.0];

    /// <summary>The examples, shape [2, 4].</summary>
    public static Tensor Examples => tensor(X, [2, 4]);

    /// <summary>The model, with the true posterior, or with one whose means are shifted and whose deviations are scaled.</summary>
    public static Vae Model(double shift = 0, double scale = 1)
    {
        var model = Modules.Mlp(4, [], 2, ActivationKind.Relu);
        model.to(ScalarType.Float64);
        var gain = 1 / (SquaredLength + (Sigma * Sigma));
        var logVariance = Math.Log(Sigma * Sigma * gain * scale * scale);
        // Rows of the encoder: two means, W' times the gain, and two logarithms of variances, which no pixel moves.
        double[] encoder = [gain, gain, gain, gain, gain, -gain, gain, -gain, 0, 0, 0, 0, 0, 0, 0, 0];
        Fill(model, "encoder.0.weight", encoder);
        Fill(model, "encoder.0.bias", [shift, shift, logVariance, logVariance]);
        Fill(model, "decoder.0.weight", W);
        Fill(model, "decoder.0.bias", [0, 0, 0, 0]);
        return model;
    }

    /// <summary>log p(x), summed over the examples.</summary>
    public static double LogEvidence()
    {
        // In the basis of the columns the variances are s + sigma^2 twice, and sigma^2 in the two directions that W does not reach.
        var sum = 0.0;
        for (var i = 0; i < 2; i++)
        {
            var x = X.AsSpan(4 * i, 4);
            var (a, b) = ((x[0] + x[1] + x[2] + x[3]) / 2, (x[0] - x[1] + x[2] - x[3]) / 2);
            var rest = (x[0] * x[0]) + (x[1] * x[1]) + (x[2] * x[2]) + (x[3] * x[3]) - (a * a) - (b * b);
            var (along, across) = (SquaredLength + (Sigma * Sigma), Sigma * Sigma);
            sum -= 0.5 * ((((a * a) + (b * b)) / along) + (rest / across) + (2 * Math.Log(along)) + (2 * Math.Log(across)) + (4 * Math.Log(2 * Math.PI)));
        }
        return sum;
    }

    private static void Fill(Vae model, string name, double[] values) =>
        values.CopyTo(MemoryMarshal.Cast<byte, double>(model.get_parameter(name)!.bytes));
}
