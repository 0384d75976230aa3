using TorchSharp;
using static TorchSharp.torch;

namespace VaeCluster.Training.Models;

/// <summary>
/// An activation whose own module in TorchSharp makes a <see cref="Scalar"/> in each pass and drops it too early; see
/// <see cref="TensorArithmetic"/>.
/// </summary>
internal sealed class Activation(string name, Func<Tensor, Tensor> function) : nn.Module<Tensor, Tensor>(name)
{
    private static readonly Scalar Slope = 0.01;
    private static readonly Scalar One = 1.0;

    /// <summary>x where it is positive, else x / 100.</summary>
    public static Activation LeakyRelu() => new(nameof(LeakyRelu), x => x.leaky_relu(Slope));

    /// <summary>x where it is positive, else exp(x) - 1.</summary>
    public static Activation Elu() => new(nameof(Elu), x => x.elu(One, One, One));

    /// <summary>log(1 + exp(x)) = -log sigmoid(-x).</summary>
    public static Activation Softplus() => new(nameof(Softplus), x => x.neg().log_sigmoid().neg());

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => function(input);
}
