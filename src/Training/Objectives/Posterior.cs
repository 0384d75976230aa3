using VaeCluster.Training.Models;
using static TorchSharp.torch;

namespace VaeCluster.Training.Objectives;

/// <summary>q(z|x) of a batch, and the noise to draw from it with.</summary>
/// <param name="Mean">Shape [B, latent].</param>
/// <param name="LogVariance">Shape [B, latent].</param>
/// <param name="X">The examples, once for each draw: shape [samples * B, D].</param>
/// <param name="Noise">Draws from N(0, I), shape [samples * B, latent].</param>
/// <param name="Samples">Draws per example.</param>
public sealed record Posterior(Tensor Mean, Tensor LogVariance, Tensor X, Tensor Noise, int Samples)
{
    /// <summary>The posterior that a model's encoder gives.</summary>
    public static Posterior Of(Vae model, Tensor x, Tensor noise, int samples)
    {
        ArgumentNullException.ThrowIfNull(model);
        var (mean, logVariance) = model.Encode(x);
        return new(mean, logVariance, Repeated(x, samples), noise, samples);
    }

    /// <summary>Draws of z as differentiable functions of mean and variance: shape [samples * B, latent].</summary>
    public Tensor Draw() => Gaussian.Reparameterize(Repeated(Mean, Samples), Repeated(LogVariance, Samples), Noise);

    /// <summary>log q(z|x) of each draw: shape [samples * B].</summary>
    public Tensor LogDensity(Tensor z) => Gaussian.LogDensity(z, Repeated(Mean, Samples), Repeated(LogVariance, Samples));

    /// <summary>The same with mean and variance held, so that its gradient comes through z alone.</summary>
    public Tensor HeldLogDensity(Tensor z) => Gaussian.LogDensity(z, Repeated(Mean.detach(), Samples), Repeated(LogVariance.detach(), Samples));

    private static Tensor Repeated(Tensor rows, int times) => times == 1 ? rows : rows.repeat(times, 1);
}
