using System.Buffers.Binary;
using Google.Protobuf;
using VaeCluster.Training.Export.Onnx;

namespace VaeCluster.Training.Export;

/// <summary>Puts an ONNX graph together, node after node.</summary>
internal sealed class OnnxGraph
{
    private const int Float32 = 1;
    private const int Int64 = 7;

    private readonly GraphProto _graph;
    private readonly HashSet<string> _constants = new(StringComparer.Ordinal);
    private int _names;

    public OnnxGraph(string name) => _graph = new GraphProto { Name = name };

    public GraphProto Graph => _graph;

    /// <summary>Declares an input or output of float32 whose first axis is the number of examples.</summary>
    public string Input(string name, params IEnumerable<int> axes)
    {
        _graph.Input.Add(Declaration(name, axes));
        return name;
    }

    /// <summary>Gives a value the name of an output.</summary>
    public void Output(string value, string name, params IEnumerable<int> axes)
    {
        _graph.Node.Add(new NodeProto { Input = { value }, Output = { name }, Name = $"{name}_out", OpType = "Identity" });
        _graph.Output.Add(Declaration(name, axes));
    }

    /// <summary>Adds a node of one output, and gives the output's name.</summary>
    public string Node(string operation, IEnumerable<string> inputs, params IEnumerable<AttributeProto> attributes) =>
        Node(operation, inputs, 1, attributes)[0];

    /// <summary>Adds a node with a number of outputs, and gives their names.</summary>
    public IReadOnlyList<string> Node(string operation, IEnumerable<string> inputs, int outputs, IEnumerable<AttributeProto> attributes)
    {
        var node = new NodeProto { OpType = operation, Name = $"{operation}_{_names++}" };
        node.Input.AddRange(inputs);
        node.Output.AddRange(Enumerable.Range(0, outputs).Select(i => $"{node.Name}_{i}"));
        node.Attribute.AddRange(attributes);
        _graph.Node.Add(node);
        return node.Output;
    }

    /// <summary>Adds a tensor of float32 under its name, once.</summary>
    public string Constant(string name, IEnumerable<long> shape, float[] values)
    {
        var bytes = new byte[4 * values.Length];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), values[i]);
        return Add(name, Float32, shape, bytes);
    }

    /// <summary>Adds a single number under a name of its own.</summary>
    public string Scalar(double value) => Constant($"scalar_{_names++}", [], [(float)value]);

    /// <summary>Adds a list of whole numbers under a name of its own.</summary>
    public string Integers(params long[] values)
    {
        var bytes = new byte[8 * values.Length];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8 * i), values[i]);
        return Add($"integers_{_names++}", Int64, [values.Length], bytes);
    }

    public static AttributeProto Attribute(string name, long value) => new() { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int };

    public static AttributeProto Attribute(string name, float value) => new() { Name = name, F = value, Type = AttributeProto.Types.AttributeType.Float };

    public static AttributeProto Attribute(string name, params long[] values) =>
        new() { Name = name, Ints = { values }, Type = AttributeProto.Types.AttributeType.Ints };

    private string Add(string name, int type, IEnumerable<long> shape, byte[] bytes)
    {
        if (_constants.Add(name))
            _graph.Initializer.Add(new TensorProto { Name = name, DataType = type, Dims = { shape }, RawData = UnsafeByteOperations.UnsafeWrap(bytes) });
        return name;
    }

    private static ValueInfoProto Declaration(string name, IEnumerable<int> axes)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "N" });
        shape.Dim.AddRange(axes.Select(axis => new TensorShapeProto.Types.Dimension { DimValue = axis }));
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = Float32, Shape = shape } } };
    }
}
