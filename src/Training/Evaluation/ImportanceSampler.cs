using System.Runtime.InteropServices;
using VaeCluster.Data.Randomness;
using VaeCluster.Training.Models;
using VaeCluster.Training.Objectives;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace VaeCluster.Training.Evaluation;

/// <summary>
/// Estimates log p(x) by importance sampling with the posterior as proposal: log 1/k sum_i p(x|z_i) p(z_i) / q(z_i|x), z_i ~ q(z|x) (Burda et al.
/// 2016, equation 8; Rezende et al. 2014, appendix E). In expectation it is a lower bound that rises to log p(x) with k.
/// </summary>
public sealed class ImportanceSampler
{
    /// <summary>Values of the decoder's output that are in memory at once: 2 MiB, which stays in a processor's cache.</summary>
    private const int OutputValuesMax = 1 << 19;

    private const int RowsMin = 16;
    private const int RowsMax = 1024;

    private readonly Vae _model;
    private readonly Likelihood _likelihood;
    private readonly Device _device;

    /// <summary>With a model that is on a device, and its likelihood.</summary>
    public ImportanceSampler(Vae model, Likelihood likelihood, Device device)
    {
        _model = model;
        _likelihood = likelihood;
        _device = device;
    }

    /// <summary>The estimate for one example, in nats.</summary>
    /// <param name="x">The example, shape [1, D], in the model's range.</param>
    /// <param name="mean">Of its posterior, shape [1, latent].</param>
    /// <param name="logVariance">Of its posterior, shape [1, latent].</param>
    /// <param name="samples">How many samples, k.</param>
    /// <param name="random">Where the noise comes from: a stream of the example's own, so that it does not matter who else is evaluated.</param>
    public double LogLikelihood(Tensor x, Tensor mean, Tensor logVariance, int samples, CounterRandom random)
    {
        ArgumentNullException.ThrowIfNull(x);
        var noise = new float[samples * _model.Latent];
        random.FillNormal(noise);
        var rowsMax = (int)Math.Clamp(OutputValuesMax / x.shape[1], RowsMin, RowsMax);
        var estimate = new LogMeanExp();
        for (var first = 0; first < samples; first += rowsMax)
        {
            using var scope = NewDisposeScope();
            var rows = Math.Min(rowsMax, samples - first);
            var drawn = tensor(noise.AsSpan(first * _model.Latent, rows * _model.Latent).ToArray(), [rows, _model.Latent]).to(_device);
            foreach (var weight in MemoryMarshal.Cast<byte, float>(LogWeights(x, mean, logVariance, drawn).contiguous().cpu().bytes))
                estimate.Add(weight);
        }
        return estimate.Value;
    }

    /// <summary>
    /// log p(x|z) + log p(z) - log q(z|x), z = mean + exp(logVariance / 2) * noise. The constants of the two Gaussians cancel, and what is left of
    /// them is 1/2 sum_j (noise_j^2 + logVariance_j - z_j^2).
    /// </summary>
    private Tensor LogWeights(Tensor x, Tensor mean, Tensor logVariance, Tensor noise)
    {
        var z = mean.Plus(exp(logVariance.Times(0.5)) * noise);
        var gaussians = (noise.Squared().Plus(logVariance) - z.Squared()).sum(dim: 1).Times(0.5);
        return gaussians - _likelihood.NegativeLogOfEach(_model.Decode(z), x.expand(noise.shape[0], x.shape[1]));
    }
}
