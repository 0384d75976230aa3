using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data;
using VaeCluster.Grains.Storage;
using VaeCluster.Grains.Trainers;
using VaeCluster.Parameters.Vectors;
using VaeCluster.Training.Export;
using VaeCluster.Training.Inference;

namespace VaeCluster.Grains.Evaluations;

/// <summary>Writes the models of runs in other forms, one at a time: each is held in memory a few times over while it is written.</summary>
public sealed class ModelExports : IDisposable
{
    private readonly RunWeights _weights;
    private readonly RunFiles _files;
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>For the container.</summary>
    public ModelExports(RunWeights weights, RunFiles files)
    {
        _weights = weights;
        _files = files;
    }

    /// <summary>Writes what the form lacks.</summary>
    /// <param name="run">The run.</param>
    /// <param name="step">Of a checkpoint that it keeps, or its last one; 0 takes the newest weights.</param>
    /// <param name="format">The form.</param>
    /// <param name="cancellationToken">Leaves the work out when it was not begun yet.</param>
    /// <returns>The step whose weights they are, and the names of the files among the run's artifacts.</returns>
    /// <exception cref="InvalidOperationException">The run has no weights of that step.</exception>
    /// <exception cref="InvalidDataException">The weights are damaged.</exception>
    public async Task<(long Step, IReadOnlyList<string> Names)> ExportAsync(
        RunSnapshot run,
        long step,
        ExportFormat format,
        CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => Export(_weights.Find(run, step), format), cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private (long Step, IReadOnlyList<string> Names) Export(ModelSource source, ExportFormat format)
    {
        var runId = source.Plan.RunId;
        var isFinal = source.Path == _files.Model(runId);
        var folder = isFinal ? _files.Artifacts(runId) : _files.Exports(runId, source.Step);
        if (!isFinal)
            Copy(source.Path, folder);
        CheckWeights(Path.Combine(folder, ModelExporter.ParametersName), source.WeightsSha256);
        var names = ModelExporter.Export(RunSpecReader.ReadCanonical(source.Plan.SpecJson), source.Plan.Data, folder, format);
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
            throw new InvalidDataException(
                $"The weights in {path} have the SHA-256 {found}; the run wrote {expected}. The file was damaged after it was written.");
    }
}
