using Grpc.Core;
using VaeCluster.Contracts.Specs;
using VaeCluster.Contracts.V1;
using VaeCluster.Data;
using VaeCluster.Grains.Storage;
using VaeCluster.Grains.Trainers;
using VaeCluster.Parameters.Vectors;
using VaeCluster.Training.Export;
using VaeCluster.Training.Inference;
using Format = VaeCluster.Training.Export.ExportFormat;

namespace VaeCluster.Silo.Services;

/// <summary>Writes the models of runs in other forms, one at a time: each is held in memory a few times over while it is written.</summary>
internal sealed class RunExporter : IDisposable
{
    private readonly RunGrains _runs;
    private readonly RunWeights _weights;
    private readonly RunFiles _files;
    private readonly SemaphoreSlim _turn = new(1);

    public RunExporter(RunGrains runs, RunWeights weights, RunFiles files) => (_runs, _weights, _files) = (runs, weights, files);

    /// <summary>Writes what the form lacks.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="step">Of a checkpoint that it keeps, or its last one; 0 takes the newest weights.</param>
    /// <param name="format">The form.</param>
    /// <param name="cancellationToken">Leaves the work out when it was not begun yet.</param>
    /// <returns>The step whose weights they are, and the names of the files among the run's artifacts.</returns>
    /// <exception cref="ArgumentException">No form was named, or no step.</exception>
    /// <exception cref="KeyNotFoundException">There is no such run.</exception>
    /// <exception cref="InvalidOperationException">The run has no weights of that step.</exception>
    /// <exception cref="RpcException">The weights are damaged.</exception>
    public async Task<(long Step, IReadOnlyList<string> Names)> ExportAsync(
        string runId,
        long step,
        Contracts.V1.ExportFormat format,
        CancellationToken cancellationToken)
    {
        ModelBounds.CheckStep(new ModelRef { RunId = runId, Step = step });
        var form = format switch
        {
            Contracts.V1.ExportFormat.Safetensors => Format.Safetensors,
            Contracts.V1.ExportFormat.Onnx => Format.Onnx,
            Contracts.V1.ExportFormat.Pytorch => Format.Pytorch,
            _ => throw new ArgumentException($"format is {format}; it must be safetensors, onnx or pytorch."),
        };
        var run = await _runs.GetAsync(runId);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => Export(_weights.Find(run, step), form), cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private (long Step, IReadOnlyList<string> Names) Export(ModelSource source, Format form)
    {
        var runId = source.Plan.RunId;
        var isFinal = source.Path == _files.Model(runId);
        var folder = isFinal ? _files.Artifacts(runId) : _files.Exports(runId, source.Step);
        if (!isFinal)
            Copy(source.Path, folder);
        CheckWeights(Path.Combine(folder, ModelExporter.ParametersName), source.WeightsSha256);
        var names = ModelExporter.Export(RunSpecReader.ReadCanonical(source.Plan.SpecJson), source.Plan.Data, folder, form);
        return (source.Step, [.. names.Select(name => Path.GetRelativePath(_files.Artifacts(runId), Path.Combine(folder, name)).Replace('\\', '/'))]);
    }

    /// <summary>Takes a checkpoint's weights over: the run that goes on removes the checkpoint in time.</summary>
    private static void Copy(string weights, string folder)
    {
        using var source = File.OpenRead(weights);
        AtomicFile.Write(Path.Combine(folder, ModelExporter.ParametersName), source.CopyTo);
    }

    private static void CheckWeights(string path, string expected)
    {
        var found = SafetensorsFile.Sha256OfFile(path);
        if (found != expected)
            throw new RpcException(new Status(
                StatusCode.DataLoss,
                $"The weights in {path} have the SHA-256 {found}; the run wrote {expected}. The file was damaged after it was written."));
    }
}
