using System.Text.Json.Serialization;

namespace VaeCluster.Contracts.Specs;

/// <summary>The encoder and decoder. A preset kind fills in what is not given.</summary>
public sealed class ModelSpec
{
    /// <summary>The architecture.</summary>
    /// <value>Default <see cref="ModelKind.Mlp"/>.</value>
    public ModelKind Kind { get; set; } = ModelKind.Mlp;

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

/// <summary>The architectures.</summary>
public enum ModelKind
{
    /// <summary>Fully connected, mirrored.</summary>
    Mlp,

    /// <summary>Preset of <see cref="Mlp"/>: 512 hidden units, two latent dimensions, relu.</summary>
    [JsonStringEnumMemberName("mlp-2d")]
    Mlp2d,

    /// <summary>Preset of <see cref="Mlp"/>: 200 and 200 hidden units, 50 latent dimensions, tanh (Burda et al. 2016).</summary>
    IwaeMlp,

    /// <summary>Two strided convolutions and two transposed ones, for images of 1x28x28.</summary>
    Conv28,

    /// <summary>Five strided convolutions with batch normalisation and their mirror image, for images of 3x64x64.</summary>
    Conv64,

    /// <summary>The plain fully connected autoencoder: a code without a distribution.</summary>
    Ae,

    /// <summary>The vector-quantised autoencoder: codes from a learned codebook (van den Oord et al. 2017).</summary>
    Vq,
}

/// <summary>Nonlinearities of hidden layers.</summary>
public enum ActivationKind
{
    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,

    /// <summary>x where positive, 0.01 x elsewhere.</summary>
    LeakyRelu,

    /// <summary>x where positive, exp(x) - 1 elsewhere.</summary>
    Elu,

    /// <summary>x times the normal distribution function of x.</summary>
    Gelu,

    /// <summary>x times the logistic function of x.</summary>
    Silu,

    /// <summary>log(1 + exp(x)).</summary>
    Softplus,

    /// <summary>The logistic function.</summary>
    Sigmoid,
}
