using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data;

namespace VaeCluster.Training.Export;

/// <summary>Writes a trained model in other forms, beside the file that its run ended with.</summary>
public static class ModelExporter
{
    /// <summary>The file of the parameters, which every form begins from.</summary>
    public const string ParametersName = "model.safetensors";

    /// <summary>Writes what a form needs that is not there yet. Files get their names when all of them is on the disk.</summary>
    /// <param name="spec">The run's complete spec.</param>
    /// <param name="data">What its data were.</param>
    /// <param name="folder">Where <see cref="ParametersName"/> is, and where the others will be.</param>
    /// <param name="format">The form.</param>
    /// <returns>The names of the files that are the model in this form.</returns>
    /// <exception cref="InvalidDataException">The parameters are not of this model.</exception>
    /// <exception cref="FileNotFoundException">There are no parameters yet.</exception>
    public static IReadOnlyList<string> Export(RunSpec spec, DataDescription data, string folder, ExportFormat format)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(folder);
        var parameters = Path.Combine(folder, ParametersName);
        if (!File.Exists(parameters))
            throw new FileNotFoundException($"There is no {ParametersName} in {folder}.", parameters);
        if (format == ExportFormat.Safetensors)
            return [ParametersName];
        var model = ExportedModel.Read(spec, data, parameters);
        if (format == ExportFormat.Pytorch)
        {
            AtomicFile.Write(Path.Combine(folder, "model.py"), PyTorchExporter.Module(model));
            return ["model.py", ParametersName];
        }
        AtomicFile.Write(Path.Combine(folder, "encoder.onnx"), OnnxExporter.Encoder(model));
        AtomicFile.Write(Path.Combine(folder, "decoder.onnx"), OnnxExporter.Decoder(model));
        return ["encoder.onnx", "decoder.onnx"];
    }
}
