using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Data;
using VaeCluster.Grains.Liveness;
using VaeCluster.Parameters.Architectures;
using VaeCluster.Parameters.Vectors;
using VaeCluster.Training.Workers;

namespace VaeCluster.Grains.Trainers;

/// <summary>
/// Trains one device's shards of one run: pull weights, compute gradients, push them. It runs on its grain's scheduler, so its fields need no locks; the
/// worker computes on a thread of its own. A call that is lost is answered by pulling again: a gradient is a pure function of weights, step and shard, so
/// computing it twice is harmless.
/// </summary>
internal sealed partial class TrainerLoop : IAsyncDisposable
{
    private readonly string _device;
    private readonly TrainerWorker _worker;
    private readonly IGrainFactory _grains;
    private readonly IRunGrain _run;
    private readonly RunCalls _calls;
    private readonly RunSpec _spec;
    private readonly LivenessOptions _liveness;
    private readonly SiloExchange _exchange;
    private readonly TrainerInstruments _instruments;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Of <see cref="_stop"/>. A pull that was given up may ask for it after the source is disposed of.</summary>
    private readonly CancellationToken _stopping;

    private readonly AsyncSignal _reassigned = new();
    private TrainerAssignment _assignment;
    private ParameterServerClient _server;
    private Task _running = Task.CompletedTask;
    private (long Step, ImmutableArray<int> Shards) _evaluated = (-1, []);

    public TrainerLoop(
        string device,
        TrainerAssignment assignment,
        TrainerWorker worker,
        IGrainFactory grains,
        LivenessOptions liveness,
        SiloExchange exchange,
        TrainerInstruments instruments,
        TimeProvider time,
        ILogger logger)
    {
        _device = device;
        _assignment = assignment;
        _worker = worker;
        _grains = grains;
        _liveness = liveness;
        _exchange = exchange;
        _instruments = instruments;
        _time = time;
        _logger = logger;
        _stopping = _stop.Token;
        _spec = RunSpecReader.ReadCanonical(assignment.Plan.SpecJson);
        _server = ServerOf(assignment);
        _run = grains.GetGrain<IRunGrain>(RunId);
        _calls = new RunCalls(device, RunId, _run, liveness, time, logger, LeaveAsync, _stopping);
        Status = new() { RunId = assignment.Plan.RunId, Activity = TrainerActivity.Preparing, AssignmentVersion = assignment.Version };
    }

    public string RunId => _assignment.Plan.RunId;

    public TrainerStatus Status { get; private set; }

    /// <summary>Whether it left the run by itself, because the run has ended or is paused and did not release it.</summary>
    public bool HasLeft { get; private set; }

    public bool HasFailed => Status.Activity == TrainerActivity.Failed;

    /// <summary>The weights after the last step; null before that.</summary>
    public WeightsSnapshot? FinalWeights { get; private set; }

    public void Start() => _running = RunAsync();

    /// <summary>Takes a newer assignment from the next step on.</summary>
    public void Follow(TrainerAssignment assignment)
    {
        if (assignment.Version < _assignment.Version)
            return;
        var isNew = assignment.Version > _assignment.Version;
        if (assignment.Server != _assignment.Server || !assignment.Partitions.SequenceEqual(_assignment.Partitions))
            _server = ServerOf(assignment);
        _assignment = assignment;
        // A pull that waits for the next step would wait for the very shards that just came.
        if (isNew)
            _reassigned.Set();
        Status = Status with { AssignmentVersion = assignment.Version };
    }

    /// <summary>Ends the loop, after the piece of work that is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _reassigned.Set();
        await _running;
        _stop.Dispose();
    }

    private ParameterServerClient ServerOf(TrainerAssignment assignment) =>
        new(_grains, assignment, ModelLayout.Of(_spec, assignment.Plan.Data), _device, _liveness, _exchange, _instruments);

    private async Task RunAsync()
    {
        using var busy = _instruments.OnBusy();
        try
        {
            await _worker.PrepareAsync(_assignment.Plan);
            while (true)
            {
                Status = Status with { Activity = TrainerActivity.Training };
                await TrainAsync();
                await _calls.AwaitReplayAsync(() => _server);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Somebody stopped the loop; that is how it ends.
        }
        catch (DataException e)
        {
            Fail(RunReasons.DataUnavailable, e);
        }
        catch (Exception e)
        {
            Fail(RunReasons.TrainerFailed, e);
        }
    }

    private async Task TrainAsync()
    {
        var reassigned = _reassigned.Next;
        var pull = PullAsync(-1);
        while (true)
        {
            // 1. Wait for the weights of the next step. A new assignment ends the wait.
            await Task.WhenAny(pull, reassigned);
            _stopping.ThrowIfCancellationRequested();
            var isReassigned = reassigned.IsCompleted;
            if (isReassigned)
                reassigned = _reassigned.Next;
            // Nothing came, or the call was lost, or the server does not have the run yet: ask for everything again.
            if (isReassigned || await _calls.TryAsync(pull) is not { } weights)
            {
                pull = PullAsync(-1);
                continue;
            }

            // 2. Evaluate them, where the spec asks for it.
            await EvaluateAsync(weights);
            if (weights.IsFinal)
            {
                FinalWeights = weights;
                Status = Status with { Activity = TrainerActivity.Finished, Step = weights.Step };
                return;
            }

            // 3. Compute the gradients of the assigned shards.
            Status = Status with { Step = weights.Step };
            var assignment = _assignment;
            var begunAt = _time.GetTimestamp();
            var gradients = await _worker.ComputeAsync(weights, assignment.Shards, _stopping);
            weights.Dispose();

            // 4. Push them. The next pull is under way before the pushes are answered, so the next weights come as soon as they exist.
            pull = PullAsync(weights.Step);
            await PushAsync(weights.Step, gradients, assignment, _time.GetElapsedTime(begunAt));
        }
    }

    private async Task<WeightsSnapshot?> PullAsync(long knownStep)
    {
        var server = _server;
        var weights = await server.PullAsync(knownStep);
        if (server.HasRun)
            _calls.OnAnswered();
        else
            await _calls.ReactivateRunAsync();
        return weights;
    }

    /// <summary>Pushes the gradients, and gathers the examples of the next step meanwhile.</summary>
    private async Task PushAsync(long step, IReadOnlyList<GradientBlock> gradients, TrainerAssignment assignment, TimeSpan computing)
    {
        var pushes = _server.Push(gradients, assignment, _spec.Training.Shards, computing);
        if (assignment.Shards.Length > 0)
            await _worker.StageAsync(step + 1, assignment.Shards[0]);
        foreach (var push in pushes)
        {
            if (await _calls.TryAsync(push) is { Outcome: PushOutcome.Refused } refusal)
                throw new InvalidOperationException($"The parameter server refused a gradient of step {step}: {refusal.Message}");
        }
    }

    /// <summary>
    /// Evaluates the weights on the shards' held-out examples. The run hears of it before the step's gradients are pushed, so no step is over that was to be
    /// evaluated and was not, whoever was lost meanwhile.
    /// </summary>
    private async Task EvaluateAsync(WeightsSnapshot weights)
    {
        var isDue = _spec.Evaluation.Every > 0 && weights.Step > 0 && (weights.Step % _spec.Evaluation.Every == 0 || weights.IsFinal);
        var shards = _assignment.Shards;
        // A step may come again, when a pull was lost; what was reported of it still holds.
        var isReported = _evaluated.Step == weights.Step && _evaluated.Shards.SequenceEqual(shards);
        if (!isDue || isReported || _assignment.Plan.Data.TestExamples == 0 || shards.Length == 0)
            return;
        var evaluations = await _worker.EvaluateAsync(weights, shards, _spec.Evaluation.Samples);
        while (await _calls.TryAsync(ReportAsync()) is null)
            _stopping.ThrowIfCancellationRequested();
        _evaluated = (weights.Step, shards);

        async Task<object> ReportAsync()
        {
            await _run.ReportEvaluationAsync(weights.Step, [.. evaluations]);
            return evaluations;
        }
    }

    private async Task LeaveAsync()
    {
        LogLeft(_device, RunId);
        HasLeft = true;
        FinalWeights = null;
        Status = new();
        await _stop.CancelAsync();
    }

    private void Fail(string reason, Exception e)
    {
        LogFailed(e, _device, RunId);
        Status = Status with { Activity = TrainerActivity.Failed, ErrorReason = reason, Error = e.Message };
    }

    [LoggerMessage(11, LogLevel.Error, "Device {Device} failed in run {RunId}.")]
    private partial void LogFailed(Exception e, string device, string runId);

    [LoggerMessage(12, LogLevel.Information, "Device {Device} is free: run {RunId} has ended or is paused, and did not release it.")]
    private partial void LogLeft(string device, string runId);
}
