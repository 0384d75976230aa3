using VaeCluster.Contracts.Specs;

namespace VaeCluster.Parameters.Architectures;

/// <summary>
/// A layer as a description: a module is built from it, and the exporters write it in the words of other runtimes. Values of its parameters are found by
/// its name.
/// </summary>
internal abstract record Layer;

/// <summary>y = x W^T + b, over the last axis.</summary>
internal sealed record LinearLayer(int From, int To) : Layer;

/// <summary>A square convolution with bias.</summary>
internal sealed record ConvolutionLayer(int From, int To, int Kernel, int Stride, int Padding) : Layer;

/// <summary>A square transposed convolution with bias.</summary>
internal sealed record TransposedConvolutionLayer(int From, int To, int Kernel, int Stride, int Padding, int OutputPadding) : Layer;

/// <summary>Batch normalisation by the running statistics, with PyTorch's epsilon of 1e-5.</summary>
internal sealed record NormalizationLayer(int Channels) : Layer;

/// <summary>A nonlinearity, element by element; leaky relu with a slope of 0.01.</summary>
internal sealed record ActivationLayer(ActivationKind Kind) : Layer;

/// <summary>One axis for each example.</summary>
internal sealed record FlattenLayer : Layer;

/// <summary>Other axes for each example.</summary>
internal sealed record ReshapeLayer(params int[] Axes) : Layer;

/// <summary>Axes in another order; the first is that of the examples.</summary>
internal sealed record PermuteLayer(params int[] Axes) : Layer;

/// <summary>y = x * factor + term.</summary>
internal sealed record AffineLayer(double Factor, double Term) : Layer;

/// <summary>One after the other; the children are named 0, 1, 2...</summary>
internal sealed record StackLayer(params Layer[] Children) : Layer;

/// <summary>A layer with a name of its own in the model.</summary>
internal sealed record NamedLayer(string Name, Layer Inner) : Layer;

/// <summary>What comes in, and what a named layer makes of it, added up.</summary>
internal sealed record ResidualLayer(NamedLayer Inner) : Layer;

/// <summary>Each vector along the last axis replaced by the nearest row of a table, which has the given name in the model.</summary>
internal sealed record QuantizationLayer(string Name, int Codes, int Length) : Layer;
