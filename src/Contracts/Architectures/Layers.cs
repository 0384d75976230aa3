namespace VaeCluster.Contracts.Architectures;

/// <summary>
/// A layer as a description: a module is built from it, and the exporters write it in the words of other runtimes. Values of its parameters are found by
/// its name. A layer that the product does not know derives from this and also says how its module is built (<c>ILayerModule</c> of VaeCluster.Training).
/// </summary>
public abstract record Layer
{
    /// <summary>Its tensors, weight before bias, as PyTorch has them; none where it has no parameters.</summary>
    /// <param name="name">The layer's name in the model, e.g. <c>encoder.0</c>.</param>
    public virtual IEnumerable<LayerTensor> Tensors(string name) => [];
}

/// <summary>y = x W^T + b, over the last axis.</summary>
/// <param name="From">Values that come in.</param>
/// <param name="To">Values that go out.</param>
public sealed record LinearLayer(int From, int To) : Layer
{
    /// <inheritdoc/>
    public override IEnumerable<LayerTensor> Tensors(string name) => [new($"{name}.weight", [To, From]), new($"{name}.bias", [To])];
}

/// <summary>A square convolution with bias.</summary>
/// <param name="From">Channels that come in.</param>
/// <param name="To">Channels that go out.</param>
/// <param name="Kernel">Side of the kernel.</param>
/// <param name="Stride">Stride along both axes.</param>
/// <param name="Padding">Zeros at each border.</param>
public sealed record ConvolutionLayer(int From, int To, int Kernel, int Stride, int Padding) : Layer
{
    /// <inheritdoc/>
    public override IEnumerable<LayerTensor> Tensors(string name) => [new($"{name}.weight", [To, From, Kernel, Kernel]), new($"{name}.bias", [To])];
}

/// <summary>A square transposed convolution with bias.</summary>
/// <param name="From">Channels that come in.</param>
/// <param name="To">Channels that go out.</param>
/// <param name="Kernel">Side of the kernel.</param>
/// <param name="Stride">Stride along both axes.</param>
/// <param name="Padding">Zeros at each border, taken off.</param>
/// <param name="OutputPadding">Rows and columns that are added at the far borders.</param>
public sealed record TransposedConvolutionLayer(int From, int To, int Kernel, int Stride, int Padding, int OutputPadding) : Layer
{
    /// <inheritdoc/>
    public override IEnumerable<LayerTensor> Tensors(string name) => [new($"{name}.weight", [From, To, Kernel, Kernel]), new($"{name}.bias", [To])];
}

/// <summary>Batch normalisation by the running statistics, with PyTorch's epsilon of 1e-5.</summary>
/// <param name="Channels">Channels, the second axis.</param>
public sealed record NormalizationLayer(int Channels) : Layer
{
    /// <inheritdoc/>
    public override IEnumerable<LayerTensor> Tensors(string name) =>
    [
        new($"{name}.weight", [Channels]), new($"{name}.bias", [Channels]),
        new($"{name}.running_mean", [Channels], IsBuffer: true), new($"{name}.running_var", [Channels], IsBuffer: true),
    ];
}

/// <summary>A nonlinearity, element by element; leaky relu with a slope of 0.01.</summary>
/// <param name="Kind">Which.</param>
public sealed record ActivationLayer(ActivationKind Kind) : Layer;

/// <summary>One axis for each example.</summary>
public sealed record FlattenLayer : Layer;

/// <summary>Other axes for each example.</summary>
/// <param name="Axes">Their lengths, without that of the examples.</param>
public sealed record ReshapeLayer(params int[] Axes) : Layer;

/// <summary>Axes in another order; the first is that of the examples.</summary>
/// <param name="Axes">The axes, in the new order.</param>
public sealed record PermuteLayer(params int[] Axes) : Layer;

/// <summary>y = x * factor + term.</summary>
/// <param name="Factor">What x is multiplied by.</param>
/// <param name="Term">What is added.</param>
public sealed record AffineLayer(double Factor, double Term) : Layer;

/// <summary>One after the other; the children are named 0, 1, 2...</summary>
/// <param name="Children">The layers, in the order of computation.</param>
public sealed record StackLayer(params Layer[] Children) : Layer
{
    /// <inheritdoc/>
    public override IEnumerable<LayerTensor> Tensors(string name) => Children.SelectMany((child, index) => child.Tensors($"{name}.{index}"));
}

/// <summary>A layer with a name of its own in the model.</summary>
/// <param name="Name">The name.</param>
/// <param name="Inner">The layer.</param>
public sealed record NamedLayer(string Name, Layer Inner) : Layer
{
    /// <inheritdoc/>
    public override IEnumerable<LayerTensor> Tensors(string name) => Inner.Tensors(Name);
}

/// <summary>What comes in, and what a named layer makes of it, added up.</summary>
/// <param name="Inner">The layer.</param>
public sealed record ResidualLayer(NamedLayer Inner) : Layer
{
    /// <inheritdoc/>
    public override IEnumerable<LayerTensor> Tensors(string name) => Inner.Tensors(name);
}

/// <summary>Each vector along the last axis replaced by the nearest row of a table, which has the given name in the model.</summary>
/// <param name="Name">The name of the table.</param>
/// <param name="Codes">Rows of the table.</param>
/// <param name="Length">Values in a row.</param>
public sealed record QuantizationLayer(string Name, int Codes, int Length) : Layer
{
    /// <inheritdoc/>
    public override IEnumerable<LayerTensor> Tensors(string name) => [new($"{Name}.weight", [Codes, Length])];
}
