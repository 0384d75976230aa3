using VaeCluster.Training.Models;
using static TorchSharp.torch;

namespace VaeCluster.Training.Objectives;

/// <summary>
/// -log p(x|e) + |sg(v) - e|^2 + commitment |v - sg(e)|^2, with v the encoder's vectors, e the codebook's nearest and sg holding a value
/// (van den Oord et al. 2017, equation 3). The decoder's gradient goes straight through to v, as if e were v.
/// </summary>
public sealed class VectorQuantization : Objective
{
    private readonly VqVae _model;
    private readonly Likelihood _likelihood;
    private readonly double _commitment;

    /// <summary>The objective of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="likelihood">p(x|e).</param>
    /// <param name="commitment">Weight of the third term, which keeps the encoder near its codes.</param>
    public VectorQuantization(VqVae model, Likelihood likelihood, double commitment)
    {
        _model = model;
        _likelihood = likelihood;
        _commitment = commitment;
    }

    /// <inheritdoc/>
    public override LossTerms Train(Tensor x, Tensor noise, long step)
    {
        var vectors = _model.Encode(x);
        var codes = _model.Nearest(vectors);
        var straight = vectors.Plus((codes - vectors).detach());
        var reconstruction = _likelihood.NegativeLog(_model.Decode(straight.view(-1, _model.Latent)), x);
        var commitment = (vectors - codes.detach()).Squared().sum().Times(_commitment);
        var distance = (vectors.detach() - codes).Squared().sum().Plus(commitment);
        return new(reconstruction.Plus(distance), reconstruction, distance);
    }

    /// <inheritdoc/>
    public override LossTerms Evaluate(Tensor x, Tensor noise) => Train(x, noise, 0);
}
