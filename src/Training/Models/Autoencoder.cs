using TorchSharp.Modules;
using VaeCluster.Contracts.Architectures;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data.Randomness;
using VaeCluster.Parameters.Architectures;
using static TorchSharp.torch;

namespace VaeCluster.Training.Models;

/// <summary>
/// An encoder that makes a short code of an example, and a decoder that makes an example of a code. What it is trained to do with the code is
/// the objective's business. Its parameters have the names that PyTorch would give them.
/// </summary>
public class Autoencoder : nn.Module<Tensor, Tensor>
{
    private bool _learnsScale;

    /// <summary>Builds the layers.</summary>
    /// <param name="name">The kind of model.</param>
    /// <param name="latent">Values in the code of one example.</param>
    /// <param name="graph">The layers as a description.</param>
    public Autoencoder(string name, int latent, ModelGraph graph)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Latent = latent;
        Graph = graph;
        Encoder = new LayerChain(graph.Encoder, register_module);
        Decoder = new LayerChain(graph.Decoder, register_module);
    }

    /// <summary>The layers as a description.</summary>
    public ModelGraph Graph { get; }

    /// <summary>From examples, shape [B, D], to what <see cref="ModelGraph.Outputs"/> names.</summary>
    private protected LayerChain Encoder { get; }

    /// <summary>From codes to examples.</summary>
    private protected LayerChain Decoder { get; }

    /// <summary>Values in the code of one example.</summary>
    public int Latent { get; }

    /// <summary>The values that a pixel has for the model: what it reads, and what its decoder makes.</summary>
    public PixelRange Range { get; init; } = PixelRange.Unit;

    /// <summary>The objective that its kind has of itself; null for a model with a posterior.</summary>
    public ObjectiveKind? OwnObjective { get; init; }

    /// <summary>
    /// The learned scale of a Gaussian likelihood, as the logarithm of its ratio to the spec's sigma, shape [1]; null where sigma is fixed.
    /// </summary>
    public Parameter? LogScale => _learnsScale ? get_parameter(ModelLayout.LogScaleName) : null;

    /// <summary>The one code that stands for each example: a posterior's mean, where there is a posterior.</summary>
    /// <param name="x">Examples, shape [B, D], values in <see cref="Range"/>.</param>
    /// <returns>Shape [B, latent]. The caller's dispose scope owns it.</returns>
    public virtual Tensor Code(Tensor x) => Encoder.Forward(x);

    /// <summary>What the decoder makes of codes: logits of a Bernoulli likelihood, means of a Gaussian one.</summary>
    /// <param name="z">Codes, shape [B, latent].</param>
    /// <returns>Shape [B, D]. The caller's dispose scope owns it.</returns>
    public virtual Tensor Decode(Tensor z) => Decoder.Forward(z);

    /// <summary>
    /// Codes to decode into new examples: draws from N(0, I), which is a VAE's prior; a plain autoencoder promises nothing about them, which its
    /// samples show.
    /// </summary>
    /// <returns>Shape [count, latent], on the host. The caller's dispose scope owns it.</returns>
    public virtual Tensor DrawCodes(CounterRandom random, int count)
    {
        var draws = new float[count * Latent];
        random.FillNormal(draws);
        return tensor(draws, [count, Latent]);
    }

    /// <summary>Examples through their codes and back, shape [B, D] to [B, D].</summary>
    public override Tensor forward(Tensor input) => Decode(Code(input));

    /// <summary>Registers a buffer of one value that starts at 0 and is averaged over the shards of each step.</summary>
    internal void RegisterBuffer(string name) => register_buffer(name, zeros(1));

    /// <summary>Adds the parameter <see cref="LogScale"/>, which starts at 0.</summary>
    internal void LearnScale()
    {
        register_parameter(ModelLayout.LogScaleName, new Parameter(zeros(1), true));
        _learnsScale = true;
    }
}
