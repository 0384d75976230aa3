using System.Runtime.InteropServices;
using VaeCluster.Contracts.Architectures;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Parameters.Architectures;
using VaeCluster.Parameters.Vectors;
using VaeCluster.Training.Models;

namespace VaeCluster.Training.Export;

/// <summary>What an exporter writes down: a model's description, the values of its parameters, and how its output is to be read.</summary>
internal sealed class ExportedModel
{
    private readonly Dictionary<string, ParameterSlot> _slots;
    private readonly IReadOnlyList<PartBuffer> _parts;

    private ExportedModel(RunSpec spec, DataDescription data, Autoencoder model, ParameterLayout layout, IReadOnlyList<PartBuffer> parts)
    {
        Spec = spec;
        Data = data;
        _parts = parts;
        (Graph, Latent, Range, Layout) = (model.Graph, model.Latent, model.Range, layout);
        _slots = layout.Slots.ToDictionary(slot => slot.Name, StringComparer.Ordinal);
    }

    public RunSpec Spec { get; }

    public DataDescription Data { get; }

    public ModelGraph Graph { get; }

    /// <summary>Values in a code.</summary>
    public int Latent { get; }

    public PixelRange Range { get; }

    public ParameterLayout Layout { get; }

    /// <summary>Whether the mean of a pixel is the logistic function of the decoder's output.</summary>
    public bool IsMeanSigmoid => Spec.Objective.Likelihood == LikelihoodKind.Bernoulli || Spec.Objective.Mean == MeanKind.Sigmoid;

    /// <summary>Reads the file that a run ended with.</summary>
    /// <exception cref="InvalidDataException">It is not of this model.</exception>
    public static ExportedModel Read(RunSpec spec, DataDescription data, string path)
    {
        using var model = ModelFactory.Create(spec, data);
        var layout = ModelLayout.Of(spec, data);
        var parts = Enumerable.Range(0, layout.PartCount).Select(part => new byte[4 * layout.PartAt(part).Length]).ToArray();
        SafetensorsFile.Read(path, layout, parts);
        return new(spec, data, model, layout, [.. parts.Select(PartBuffer.Wrap)]);
    }

    /// <summary>What is thrown for a layer of an extension.</summary>
    public static InvalidOperationException UnknownLayer(Layer layer, string form) => new(
        $"The layer {layer.GetType().Name} is of an extension, and its form in {form} is not known. Export the model as "
            + "safetensors, which holds the parameters of every model.");

    /// <summary>A parameter's shape.</summary>
    public IReadOnlyList<long> ShapeOf(string name) => _slots[name].Shape;

    /// <summary>A parameter's values, row after row.</summary>
    public float[] ValuesOf(string name)
    {
        var slot = _slots[name];
        var values = new float[slot.Length];
        PartedVector.Read(_parts, slot.Offset, MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
