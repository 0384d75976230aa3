using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using VaeCluster.Contracts.V1;
using VaeCluster.Data;
using VaeCluster.Data.Files;
using VaeCluster.Grains.Evaluations;
using VaeCluster.Grains.Runs;
using VaeCluster.Grains.Storage;

namespace VaeCluster.Silo.Services;

/// <summary>The API of the files that runs leave: everything in the run's artifacts, and its metrics.</summary>
internal sealed class ArtifactsService : Artifacts.ArtifactsBase
{
    private const int ChunkBytes = 1 << 20;

    private readonly RunGrains _runs;
    private readonly RunFiles _files;
    private readonly ModelExports _exports;

    public ArtifactsService(RunGrains runs, RunFiles files, ModelExports exports)
    {
        _runs = runs;
        _files = files;
        _exports = exports;
    }

    public override async Task<ListArtifactsResponse> List(GetRunRequest request, ServerCallContext context)
    {
        var response = new ListArtifactsResponse();
        response.Artifacts.AddRange((await FindAsync(request.RunId)).Select(artifact => new Artifact
        {
            Name = artifact.Name,
            SizeBytes = artifact.Length,
            ModifiedAt = artifact.ModifiedAt.ToTimestamp(),
        }));
        return response;
    }

    public override async Task Download(DownloadRequest request, IServerStreamWriter<FileChunk> responseStream, ServerCallContext context)
    {
        // Only what the list names can be had, so no name leads out of the folder.
        var artifacts = await FindAsync(request.RunId);
        var file = artifacts.FirstOrDefault(artifact => artifact.Name == request.Name);
        await using var stream = (file is null ? null : OwnFolder.TryOpen(_files.Root, file.Path)) ?? throw NoSuchFile(request, artifacts);
        var buffer = new byte[ChunkBytes];
        for (int read; (read = await stream.ReadAsync(buffer, context.CancellationToken)) > 0;)
            await responseStream.WriteAsync(new FileChunk { Content = ByteString.CopyFrom(buffer, 0, read) }, context.CancellationToken);
    }

    public override async Task<ExportResponse> Export(ExportRequest request, ServerCallContext context)
    {
        ModelBounds.CheckStep(request.Step);
        var format = FormatOf(request.Format);
        var (step, names) = await _exports.ExportAsync(await _runs.GetAsync(request.RunId), request.Step, format, context.CancellationToken);
        var found = await List(new GetRunRequest { RunId = request.RunId }, context);
        return new ExportResponse { Artifacts = { found.Artifacts.Where(artifact => names.Contains(artifact.Name)) }, Step = step };
    }

    private static KeyNotFoundException NoSuchFile(DownloadRequest request, IReadOnlyList<RunArtifact> artifacts) => new(
        $"Run '{request.RunId}' has no file '{request.Name}'; it has "
            + $"{(artifacts.Count == 0 ? "none" : string.Join(", ", artifacts.Select(artifact => artifact.Name)))}.");

    private static Training.Export.ExportFormat FormatOf(ExportFormat format) => format switch
    {
        ExportFormat.Safetensors => Training.Export.ExportFormat.Safetensors,
        ExportFormat.Onnx => Training.Export.ExportFormat.Onnx,
        ExportFormat.Pytorch => Training.Export.ExportFormat.Pytorch,
        _ => throw new ArgumentException($"format is {format}; it must be safetensors, onnx or pytorch."),
    };

    private async Task<IReadOnlyList<RunArtifact>> FindAsync(string runId)
    {
        await _runs.GetAsync(runId); // Throws when there is no such run.
        var (folder, metrics) = (_files.Artifacts(runId), _files.Metrics(runId));
        var found = OwnFolder.List(_files.Root, folder, ApiLimits.ArtifactsMax)
            .Where(file => !file.Path.EndsWith(AtomicFile.PartialEnding, StringComparison.Ordinal))
            .Select(file => new RunArtifact(Path.GetRelativePath(folder, file.Path).Replace('\\', '/'), file.Path, file.Length, file.ModifiedAt))
            .ToList();
        if (OwnFolder.Find(_files.Root, metrics) is { } own)
            found.Add(new(Path.GetFileName(metrics), own.Path, own.Length, own.ModifiedAt));
        return [.. found.OrderBy(file => file.Name, StringComparer.Ordinal)];
    }

    private sealed record RunArtifact(string Name, string Path, long Length, DateTime ModifiedAt);
}
