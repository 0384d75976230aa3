using VaeCluster.Contracts.Architectures;

namespace VaeCluster.Training.Export;

/// <summary>Says each kind of layer in ONNX's operators, of version 13.</summary>
internal sealed class OnnxLayers
{
    private readonly OnnxGraph _graph;
    private readonly ExportedModel _model;

    public OnnxLayers(OnnxGraph graph, ExportedModel model)
    {
        _graph = graph;
        _model = model;
    }

    /// <summary>Adds layers one after the other.</summary>
    /// <param name="layers">Which.</param>
    /// <param name="input">The name of the value that goes in.</param>
    /// <returns>The name of the value that comes out.</returns>
    public string Add(IEnumerable<Layer> layers, string input) => layers.Aggregate(input, (value, layer) => Add(layer, value, ""));

    private string Add(Layer layer, string x, string path) => layer switch
    {
        LinearLayer => _graph.Node("Gemm", [x, Parameter(path, "weight"), Parameter(path, "bias")], OnnxGraph.Attribute("transB", 1L)),
        ConvolutionLayer c =>
            _graph.Node(
                "Conv",
                [x, Parameter(path, "weight"), Parameter(path, "bias")],
                OnnxGraph.Attribute("kernel_shape", c.Kernel, c.Kernel),
                OnnxGraph.Attribute("strides", c.Stride, c.Stride),
                Pads(c.Padding)),
        TransposedConvolutionLayer c =>
            _graph.Node(
                "ConvTranspose",
                [x, Parameter(path, "weight"), Parameter(path, "bias")],
                OnnxGraph.Attribute("kernel_shape", c.Kernel, c.Kernel),
                OnnxGraph.Attribute("strides", c.Stride, c.Stride),
                Pads(c.Padding),
                OnnxGraph.Attribute("output_padding", c.OutputPadding, c.OutputPadding)),
        NormalizationLayer =>
            _graph.Node(
                "BatchNormalization",
                [x, Parameter(path, "weight"), Parameter(path, "bias"), Parameter(path, "running_mean"), Parameter(path, "running_var")],
                OnnxGraph.Attribute("epsilon", 1e-5f)),
        ActivationLayer a => Activate(a.Kind, x),
        FlattenLayer => _graph.Node("Flatten", [x], OnnxGraph.Attribute("axis", 1L)),
        ReshapeLayer r => _graph.Node("Reshape", [x, _graph.Integers([-1, .. r.Axes.Select(axis => (long)axis)])]),
        PermuteLayer p => _graph.Node("Transpose", [x], OnnxGraph.Attribute("perm", [.. p.Axes.Select(axis => (long)axis)])),
        AffineLayer a => _graph.Node("Add", [_graph.Node("Mul", [x, _graph.Scalar(a.Factor)]), _graph.Scalar(a.Term)]),
        StackLayer s => s.Children.Index().Aggregate(x, (value, child) => Add(child.Item, value, Join(path, $"{child.Index}"))),
        NamedLayer n => Add(n.Inner, x, Join(path, n.Name)),
        ResidualLayer r => _graph.Node("Add", [x, Add(r.Inner, x, path)]),
        QuantizationLayer q => Quantize(q, x),
        _ => throw ExportedModel.UnknownLayer(layer, "ONNX"),
    };

    private string Activate(ActivationKind kind, string x) => kind switch
    {
        ActivationKind.Relu => _graph.Node("Relu", [x]),
        ActivationKind.Tanh => _graph.Node("Tanh", [x]),
        ActivationKind.LeakyRelu => _graph.Node("LeakyRelu", [x], OnnxGraph.Attribute("alpha", 0.01f)),
        ActivationKind.Elu => _graph.Node("Elu", [x], OnnxGraph.Attribute("alpha", 1f)),
        // x / 2 * (1 + erf(x / sqrt 2)): version 13 has no operator of that name.
        ActivationKind.Gelu =>
            _graph.Node("Mul",
                [
                    _graph.Node("Mul", [x, _graph.Scalar(0.5)]),
                    _graph.Node("Add", [_graph.Node("Erf", [_graph.Node("Mul", [x, _graph.Scalar(Math.Sqrt(0.5))])]), _graph.Scalar(1)]),
                ]),
        ActivationKind.Silu => _graph.Node("Mul", [x, _graph.Node("Sigmoid", [x])]),
        ActivationKind.Softplus => _graph.Node("Softplus", [x]),
        ActivationKind.Sigmoid => _graph.Node("Sigmoid", [x]),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such activation."),
    };

    /// <summary>The nearest row by |e|^2 - 2 v e, which is the squared distance but for what all rows share.</summary>
    private string Quantize(QuantizationLayer layer, string x)
    {
        var (name, table) = ($"{layer.Name}.weight", _model.ValuesOf($"{layer.Name}.weight"));
        var doubled = new float[table.Length];
        var squares = new float[layer.Codes];
        for (var i = 0; i < table.Length; i++)
        {
            var (row, column) = (i / layer.Length, i % layer.Length);
            doubled[(column * layer.Codes) + row] = -2 * table[i];
            squares[row] += table[i] * table[i];
        }
        var products = _graph.Node("MatMul", [x, _graph.Constant($"{name}.doubled", [layer.Length, layer.Codes], doubled)]);
        var distances = _graph.Node("Add", [products, _graph.Constant($"{name}.squares", [layer.Codes], squares)]);
        var nearest = _graph.Node("ArgMin", [distances], OnnxGraph.Attribute("axis", -1L), OnnxGraph.Attribute("keepdims", 0L));
        return _graph.Node("Gather", [_graph.Constant(name, [layer.Codes, layer.Length], table), nearest], OnnxGraph.Attribute("axis", 0L));
    }

    private string Parameter(string path, string part) =>
        _graph.Constant(Join(path, part), _model.ShapeOf(Join(path, part)), _model.ValuesOf(Join(path, part)));

    private static Onnx.AttributeProto Pads(int padding) => OnnxGraph.Attribute("pads", padding, padding, padding, padding);

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
