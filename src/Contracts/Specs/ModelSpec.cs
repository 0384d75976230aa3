using VaeCluster.Contracts.Architectures;

namespace VaeCluster.Contracts.Specs;

/// <summary>The encoder and decoder. A preset kind fills in what is not given.</summary>
public sealed class ModelSpec
{
    /// <summary>The architecture: the name of one of <see cref="SpecKinds.Models"/>.</summary>
    /// <value>Default <c>mlp</c>.</value>
    public string Kind { get; set; } = "mlp";

    /// <summary>Widths of the encoder's hidden layers, mirrored by the decoder; of <c>vq</c> the channels of its convolutions, one number.</summary>
    /// <value>Default [512]; <c>iwae-mlp</c>: [200, 200]; <c>vq</c>: [64]; none for <c>conv28</c> and <c>conv64</c>.</value>
    public IReadOnlyList<int>? Hidden { get; set; }

    /// <summary>Dimensions of the latent space; of <c>vq</c> those of one code.</summary>
    /// <value>Default 20; <c>mlp-2d</c>: 2; <c>iwae-mlp</c>: 50; <c>conv28</c>: 2; <c>conv64</c>: 128; <c>vq</c>: 16.</value>
    public int? Latent { get; set; }

    /// <summary>Nonlinearity of the hidden layers.</summary>
    /// <value>Default relu; <c>iwae-mlp</c>: tanh; none for the convolutional kinds, whose nonlinearities are part of them.</value>
    public ActivationKind? Activation { get; set; }

    /// <summary>Vectors in the codebook of <c>vq</c>.</summary>
    /// <value>Default 128.</value>
    public int Codes { get; set; } = 128;
}
