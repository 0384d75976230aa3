using VaeCluster.Contracts.Specs;
using VaeCluster.Contracts.V1;
using VaeCluster.Grains.Storage;
using VaeCluster.Training.Export;
using Format = VaeCluster.Training.Export.ExportFormat;

namespace VaeCluster.Silo.Services;

/// <summary>Writes the models of runs in other forms, one at a time: each is held in memory a few times over while it is written.</summary>
internal sealed class RunExporter : IDisposable
{
    private readonly RunGrains _runs;
    private readonly RunFiles _files;
    private readonly SemaphoreSlim _turn = new(1);

    public RunExporter(RunGrains runs, RunFiles files) => (_runs, _files) = (runs, files);

    /// <summary>Writes what the form lacks, and tells the names of its files.</summary>
    /// <exception cref="ArgumentException">No form was named.</exception>
    /// <exception cref="KeyNotFoundException">There is no such run.</exception>
    /// <exception cref="InvalidOperationException">The run has no model.</exception>
    public async Task<IReadOnlyList<string>> ExportAsync(string runId, Contracts.V1.ExportFormat format, CancellationToken cancellation)
    {
        var run = await _runs[runId].GetAsync();
        var form = format switch
        {
            Contracts.V1.ExportFormat.Safetensors => Format.Safetensors,
            Contracts.V1.ExportFormat.Onnx => Format.Onnx,
            Contracts.V1.ExportFormat.Pytorch => Format.Pytorch,
            _ => throw new ArgumentException($"format is {format}; it must be safetensors, onnx or pytorch."),
        };
        if (run.Data is null || !File.Exists(_files.Model(runId)))
            throw new InvalidOperationException($"Run '{runId}' has no model because it is {run.Phase}; a run writes its model when its last step is applied.");
        var spec = RunSpecReader.ReadCanonical(run.SpecJson);
        await _turn.WaitAsync(cancellation);
        try
        {
            return await Task.Run(() => ModelExporter.Export(spec, run.Data, _files.Artifacts(runId), form), cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
