using Grpc.Core;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Client.Tests.Fakes;

/// <summary>What the fake cluster answers, and what it was asked.</summary>
internal sealed class FakeAnswers
{
    public List<ExportRequest> Exports { get; } = [];

    public List<SubmitRequest> Submitted { get; } = [];

    public List<ListRunsRequest> Listed { get; } = [];

    /// <summary>Runs of a page of the list.</summary>
    public int PageSize { get; set; } = 100;

    public List<LogsRequest> LogsAsked { get; } = [];

    /// <summary>Refuses every call about runs with this status, when it is set.</summary>
    public Status? Refusal { get; set; }

    public Run Run { get; set; } = Samples.Succeeded;

    public List<Run> Runs { get; } = [];

    public List<string> LogLines { get; } = [];

    public List<DeviceInfo> Devices { get; } = [];

    public Dictionary<string, byte[]> Files { get; } = [];

    /// <summary>What was asked of trained models.</summary>
    public List<Google.Protobuf.IMessage> ModelsAsked { get; } = [];

    /// <summary>What an evaluation sends.</summary>
    public List<EvaluationProgress> Evaluation { get; } = [];

    public AuditReport Audit { get; set; } = new();

    public ValidateResponse Validation { get; set; } = new();

    /// <summary>What a watch sends.</summary>
    public Func<IServerStreamWriter<Run>, ServerCallContext, Task>? OnWatch { get; set; }

    public void Check()
    {
        if (Refusal is { } status)
            throw new RpcException(status);
    }
}

internal sealed class FakeRuns(FakeAnswers answers) : Runs.RunsBase
{
    public override Task<ValidateResponse> Validate(ValidateRequest request, ServerCallContext context) => Task.FromResult(answers.Validation);

    public override Task<Run> Submit(SubmitRequest request, ServerCallContext context)
    {
        answers.Submitted.Add(request);
        return Answer();
    }

    public override Task<Run> Get(GetRunRequest request, ServerCallContext context) => Answer();

    public override Task<AuditReport> AuditRun(GetRunRequest request, ServerCallContext context)
    {
        answers.Check();
        return Task.FromResult(answers.Audit);
    }

    public override Task<Run> Cancel(GetRunRequest request, ServerCallContext context) => Answer();

    public override Task<ListRunsResponse> List(ListRunsRequest request, ServerCallContext context)
    {
        answers.Check();
        answers.Listed.Add(request.Clone());
        var first = request.PageToken.Length == 0 ? 0 : int.Parse(request.PageToken, System.Globalization.CultureInfo.InvariantCulture);
        var next = first + answers.PageSize;
        return Task.FromResult(new ListRunsResponse
        {
            Runs = { answers.Runs.Skip(first).Take(answers.PageSize) },
            NextPageToken = next < answers.Runs.Count ? $"{next}" : "",
        });
    }

    public override Task Watch(GetRunRequest request, IServerStreamWriter<Run> responseStream, ServerCallContext context)
    {
        answers.Check();
        return answers.OnWatch?.Invoke(responseStream, context) ?? responseStream.WriteAsync(answers.Run);
    }

    public override async Task Logs(LogsRequest request, IServerStreamWriter<LogLine> responseStream, ServerCallContext context)
    {
        answers.Check();
        answers.LogsAsked.Add(request);
        foreach (var line in answers.LogLines)
            await responseStream.WriteAsync(new LogLine { Json = line });
    }

    private Task<Run> Answer()
    {
        answers.Check();
        return Task.FromResult(answers.Run);
    }
}

internal sealed class FakeDevices(FakeAnswers answers) : Devices.DevicesBase
{
    public override Task<ListDevicesResponse> List(ListDevicesRequest request, ServerCallContext context) =>
        Task.FromResult(new ListDevicesResponse { Devices = { answers.Devices } });
}

internal sealed class FakeArtifacts(FakeAnswers answers) : Artifacts.ArtifactsBase
{
    public override Task<ListArtifactsResponse> List(GetRunRequest request, ServerCallContext context) => Task.FromResult(new ListArtifactsResponse
    {
        Artifacts = { answers.Files.Select(file => new Artifact { Name = file.Key, SizeBytes = file.Value.Length, ModifiedAt = Samples.At(0) }) },
    });

    public override async Task<ExportResponse> Export(ExportRequest request, ServerCallContext context)
    {
        answers.Check();
        answers.Exports.Add(request);
        var files = await List(new GetRunRequest { RunId = request.RunId }, context);
        return new ExportResponse { Artifacts = { files.Artifacts }, Step = 42 };
    }

    public override async Task Download(DownloadRequest request, IServerStreamWriter<FileChunk> responseStream, ServerCallContext context)
    {
        if (!answers.Files.TryGetValue(request.Name, out var content))
            throw new RpcException(new Status(StatusCode.NotFound, $"Run '{request.RunId}' has no file '{request.Name}'."));
        foreach (var piece in content.Chunk(3))
            await responseStream.WriteAsync(new FileChunk { Content = Google.Protobuf.ByteString.CopyFrom(piece) });
    }
}

internal sealed class FakeVersion : Cluster.ClusterBase
{
    public override Task<VersionResponse> Version(VersionRequest request, ServerCallContext context) =>
        Task.FromResult(new VersionResponse { Version = "9.8.7", Silo = "silo-4", ClusterId = "c" });
}
