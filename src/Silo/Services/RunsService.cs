using Grpc.Core;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Contracts.V1;
using VaeCluster.Grains.Ledger;
using VaeCluster.Grains.Runs;
using VaeCluster.Grains.Storage;
using VaeCluster.Grains.Trainers;

namespace VaeCluster.Silo.Services;

/// <summary>The API of runs.</summary>
internal sealed class RunsService : Contracts.V1.Runs.RunsBase
{
    private readonly RunGrains _runs;
    private readonly RunLists _lists;
    private readonly RunSubmitter _submitter;
    private readonly RunFiles _files;
    private readonly StreamCancellation _streams;

    public RunsService(RunGrains runs, RunLists lists, RunSubmitter submitter, RunFiles files, StreamCancellation streams)
    {
        _runs = runs;
        _lists = lists;
        _submitter = submitter;
        _files = files;
        _streams = streams;
    }

    public override async Task<ValidateResponse> Validate(ValidateRequest request, ServerCallContext context)
    {
        var (errors, spec, _) = await _submitter.CheckAsync(request.Spec, request.Overrides, context.CancellationToken);
        var response = new ValidateResponse { Spec = spec is null ? "" : RunSpecReader.Write(spec) };
        response.Errors.AddRange(errors.Select(error => new FieldError { Path = error.Path, Problem = error.Problem, Fix = error.Fix, Line = error.Line }));
        return response;
    }

    public override async Task<Run> Submit(SubmitRequest request, ServerCallContext context) =>
        (await _submitter.SubmitAsync(request.Spec, request.Overrides, request.From, context.CancellationToken)).ToMessage(_files, withSpec: true);

    public override async Task<Run> Get(GetRunRequest request, ServerCallContext context) =>
        (await _runs.GetAsync(request.RunId)).ToMessage(_files, withSpec: true);

    public override async Task<ListRunsResponse> List(ListRunsRequest request, ServerCallContext context)
    {
        if (request.PageSize is < 0 or > ApiLimits.PageSizeMax)
            throw new ArgumentException(
                $"page_size is {request.PageSize}; it must be between 0 and {ApiLimits.PageSizeMax}. Read the other runs with next_page_token.");
        var (runs, next) = await _lists.ListAsync(
            request.PageToken,
            request.PageSize == 0 ? ApiLimits.DefaultPageSize : request.PageSize,
            phase => request.Phases.Count == 0 || request.Phases.Contains(phase.ToMessage()),
            context.CancellationToken);
        return new ListRunsResponse { Runs = { runs.Select(run => run.ToMessage(_files, withSpec: false)) }, NextPageToken = next };
    }

    public override async Task Watch(GetRunRequest request, IServerStreamWriter<Run> responseStream, ServerCallContext context)
    {
        var isFirst = true;
        await foreach (var snapshot in WatchAsync(request.RunId, context))
        {
            await responseStream.WriteAsync(snapshot.ToMessage(_files, withSpec: isFirst), context.CancellationToken);
            isFirst = false;
        }
    }

    public override async Task Logs(LogsRequest request, IServerStreamWriter<LogLine> responseStream, ServerCallContext context)
    {
        var step = request.AfterStep;
        await foreach (var _ in WatchAsync(request.RunId, context))
        {
            foreach (var line in MetricsFile.Read(_files.Metrics(request.RunId)).Where(line => line.Step > step).ToList())
            {
                await responseStream.WriteAsync(new LogLine { Json = line.ToJson() }, context.CancellationToken);
                step = line.Step;
            }
            if (!request.Follow)
                return;
        }
    }

    public override async Task<Run> Cancel(GetRunRequest request, ServerCallContext context) =>
        (await RunGrains.AcceptedAsync(_runs[request.RunId].CancelAsync(context.Peer))).ToMessage(_files, withSpec: true);

    public override async Task<Run> Pause(GetRunRequest request, ServerCallContext context) =>
        (await RunGrains.AcceptedAsync(_runs[request.RunId].PauseAsync(context.Peer))).ToMessage(_files, withSpec: true);

    public override async Task<Run> Resume(GetRunRequest request, ServerCallContext context) =>
        (await RunGrains.AcceptedAsync(_runs[request.RunId].ResumeAsync(context.Peer))).ToMessage(_files, withSpec: true);

    public override async Task<Run> Retry(GetRunRequest request, ServerCallContext context) =>
        (await RunGrains.AcceptedAsync(_runs[request.RunId].RetryAsync(context.Peer))).ToMessage(_files, withSpec: true);

    public override async Task<AuditReport> AuditRun(GetRunRequest request, ServerCallContext context)
    {
        var snapshot = await _runs.GetAsync(request.RunId);
        var subject = new LedgerSubject
        {
            Plan = RunWeights.PlanOf(snapshot),
            Phase = snapshot.Phase,
            AppliedSteps = snapshot.Progress.Step,
            Results = snapshot.Results,
            LedgerPath = _files.Ledger(snapshot.RunId),
            CheckpointsPath = _files.Checkpoints(snapshot.RunId),
            ModelPath = _files.Model(snapshot.RunId),
        };
        var audit = await Task.Run(() => LedgerAuditor.Audit(subject, context.CancellationToken), context.CancellationToken);
        return audit.ToMessage(subject);
    }

    private IAsyncEnumerable<RunSnapshot> WatchAsync(string runId, ServerCallContext context) =>
        _streams.ReadAsync(cancellationToken => _runs.WatchAsync(runId, cancellationToken), context);
}
