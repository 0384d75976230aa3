using System.Globalization;
using Google.Protobuf;
using VaeCluster.Contracts.Architectures;
using VaeCluster.Training.Export.Onnx;

namespace VaeCluster.Training.Export;

/// <summary>
/// Writes the two halves of a model as ONNX, version 13 of its operators. The encoder takes <c>x</c> [N, C, H, W] in [0, 1]; the decoder takes <c>z</c>
/// [N, latent] and gives <c>output</c>, which is what its last layer makes, and <c>pixels</c> in [0, 1], both [N, C, H, W].
/// </summary>
internal static class OnnxExporter
{
    private const int FormatVersion = 7;
    private const int OperatorsVersion = 13;

    public static byte[] Encoder(ExportedModel model)
    {
        var (graph, data) = (new OnnxGraph("encoder"), model.Data);
        var layers = new OnnxLayers(graph, model);
        var x = graph.Input("x", data.Channels, data.Height, data.Width);
        var code = layers.Add([.. ToRange(model), .. model.Graph.Encoder], x);
        if (model.Graph.Outputs.Count == 1)
        {
            graph.Output(code, model.Graph.Outputs[0], model.Latent);
        }
        else
        {
            var sizes = graph.Integers([.. model.Graph.Outputs.Select(_ => (long)model.Latent)]);
            var parts = graph.Node("Split", [code, sizes], model.Graph.Outputs.Count, [OnnxGraph.Attribute("axis", 1L)]);
            foreach (var (part, name) in parts.Zip(model.Graph.Outputs).ToList())
                graph.Output(part, name, model.Latent);
        }
        return Write(model, graph);
    }

    public static byte[] Decoder(ExportedModel model)
    {
        var (graph, data) = (new OnnxGraph("decoder"), model.Data);
        var layers = new OnnxLayers(graph, model);
        var z = graph.Input("z", model.Latent);
        var image = new ReshapeLayer(data.Channels, data.Height, data.Width);
        var output = layers.Add([.. model.Graph.Decoder, image], z);
        graph.Output(output, "output", data.Channels, data.Height, data.Width);
        Layer[] mean = model.IsMeanSigmoid ? [new ActivationLayer(ActivationKind.Sigmoid)] : [];
        graph.Output(layers.Add([.. mean, .. FromRange(model)], output), "pixels", data.Channels, data.Height, data.Width);
        return Write(model, graph);
    }

    /// <summary>From [0, 1] to the pixels of the model, and to the rows that its layers begin with.</summary>
    internal static IEnumerable<Layer> ToRange(ExportedModel model)
    {
        var range = model.Range;
        if (range != PixelRange.Unit)
            yield return new AffineLayer(range.High - range.Low, range.Low);
        yield return new FlattenLayer();
    }

    /// <summary>From the pixels of the model to [0, 1].</summary>
    internal static IEnumerable<Layer> FromRange(ExportedModel model)
    {
        var (low, high) = (model.Range.Low, model.Range.High);
        if (model.Range != PixelRange.Unit)
            yield return new AffineLayer(1 / (high - low), -low / (high - low));
    }

    private static byte[] Write(ExportedModel model, OnnxGraph graph)
    {
        var proto = new ModelProto { IrVersion = FormatVersion, ProducerName = "VaeCluster", Graph = graph.Graph };
        proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = OperatorsVersion });
        proto.MetadataProps.Add(new StringStringEntryProto { Key = "model", Value = model.Spec.Model.Kind });
        proto.MetadataProps.Add(new StringStringEntryProto { Key = "latent", Value = model.Latent.ToString(CultureInfo.InvariantCulture) });
        return proto.ToByteArray();
    }
}
