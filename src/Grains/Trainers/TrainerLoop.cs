using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Contracts.Trainers;
using VaeCluster.Data;
using VaeCluster.Grains.Liveness;
using VaeCluster.Parameters.Reduction;
using VaeCluster.Training.Workers;

namespace VaeCluster.Grains.Trainers;

/// <summary>
/// What a trainer does all day: pull weights, compute the gradients of its shards, push them. It runs on its grain's scheduler, so its
/// fields need no locks; the worker computes on a thread of its own. Any fault of a call is answered by pulling again: a gradient
/// is a pure function of weights, step and shard, so doing it twice is harmless.
/// </summary>
internal sealed partial class TrainerLoop : IAsyncDisposable
{
    /// <summary>How often a trainer that has finished looks whether its run has ended without a word to it.</summary>
    private static readonly TimeSpan EndLookPeriod = TimeSpan.FromSeconds(5);

    private readonly string _device;
    private readonly TrainerWorker _worker;
    private readonly IGrainFactory _grains;
    private readonly IRunGrain _run;
    private readonly RunWaker _waker;
    private readonly EvaluationSpec _evaluation;
    private readonly LivenessOptions _liveness;
    private readonly TrainerInstruments _instruments;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Of <see cref="_stop"/>. A pull that was given up may ask for it after the source is disposed of.</summary>
    private readonly CancellationToken _stopping;
    private IParameterServerGrain _server;
    private TrainerAssignment _assignment;
    private Task _running = Task.CompletedTask;
    private int _partCount = 1;
    private TaskCompletionSource _dealtAnew = NewSignal();
    private GradientLease? _pushed;
    private (long Step, ImmutableArray<int> Shards) _evaluated = (-1, []);

    public TrainerLoop(string device, TrainerAssignment assignment, TrainerWorker worker, IGrainFactory grains, LivenessOptions liveness, TrainerInstruments instruments, TimeProvider time, ILogger logger)
    {
        _device = device;
        _assignment = assignment;
        _worker = worker;
        _grains = grains;
        _liveness = liveness;
        _instruments = instruments;
        _time = time;
        _logger = logger;
        _stopping = _stop.Token;
        _server = grains.GetGrain<IParameterServerGrain>(assignment.Server);
        _run = grains.GetGrain<IRunGrain>(RunId);
        _waker = new RunWaker(_run, liveness, time);
        _evaluation = RunSpecReader.ReadCanonical(assignment.Plan.SpecJson).Evaluation;
        Status = new() { RunId = assignment.Plan.RunId, Activity = TrainerActivity.Preparing, Dealing = assignment.Dealing };
    }

    public string RunId => _assignment.Plan.RunId;

    public TrainerStatus Status { get; private set; }

    /// <summary>Whether it let the run go by itself, because the run has ended or is paused and nobody said so.</summary>
    public bool HasLetGo { get; private set; }

    public bool HasFailed => Status.Activity == TrainerActivity.Failed;

    /// <summary>The weights after the last step; null before that.</summary>
    public IReadOnlyList<byte[]>? FinalWeights { get; private set; }

    public void Start() => _running = RunAsync();

    /// <summary>Takes a newer dealing of the shards from the next step on.</summary>
    public void Follow(TrainerAssignment assignment)
    {
        if (assignment.Dealing < _assignment.Dealing)
            return;
        var isNew = assignment.Dealing > _assignment.Dealing;
        if (assignment.Server != _assignment.Server)
        {
            _server = _grains.GetGrain<IParameterServerGrain>(assignment.Server);
            // The server before may still hold what was pushed to it.
            _pushed = null;
        }
        _assignment = assignment;
        // A pull that waits for the next step would wait for the very shards that just came.
        if (isNew)
            _dealtAnew.TrySetResult();
        Status = Status with { Dealing = assignment.Dealing };
    }

    /// <summary>Ends the loop, after the piece of work that is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _dealtAnew.TrySetResult();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using var busy = _instruments.OnBusy();
        try
        {
            await _worker.PrepareAsync(_assignment.Plan);
            Status = Status with { Activity = TrainerActivity.Training };
            await TrainAsync();
            await AwaitEndAsync();
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
        var known = -1L;
        var pull = PullAsync(known);
        while (true)
        {
            var dealtAnew = _dealtAnew.Task;
            await Task.WhenAny(pull, dealtAnew);
            _stopping.ThrowIfCancellationRequested();
            if (dealtAnew.IsCompleted)
            {
                _dealtAnew = NewSignal();
                pull = PullAsync(-1);
                continue;
            }
            var weights = await Retried(pull);
            if (weights is null)
            {
                // Nothing came, or the call was lost, or the server does not know us yet: ask for everything anew.
                pull = PullAsync(-1);
                continue;
            }
            await EvaluateAsync(weights);
            if (weights.IsFinished)
            {
                FinalWeights = weights.Parts;
                Status = Status with { Activity = TrainerActivity.Finished, Step = weights.Step };
                return;
            }
            known = weights.Step;
            RecycleBefore(known);
            Status = Status with { Step = known };
            var shards = _assignment.Shards;
            var blocks = await _worker.ComputeAsync(known, weights.Parts, shards);
            // The pull is under way before the push is answered, so the next weights come as soon as they exist.
            pull = PullAsync(known);
            await PushAndStageAsync(shards, blocks);
        }
    }

    /// <summary>
    /// Where the spec asks for it, judges the weights on the shards' held-out examples. The run hears of it before the step's gradients are pushed, so
    /// no step is over that was to be judged and was not, whoever was lost meanwhile.
    /// </summary>
    private async Task EvaluateAsync(PulledWeights weights)
    {
        var isDue = _evaluation.Every > 0 && weights.Step > 0 && (weights.Step % _evaluation.Every == 0 || weights.IsFinished);
        var shards = _assignment.Shards;
        // A step may come again, when a pull was lost; what was told of it still holds.
        var isTold = _evaluated.Step == weights.Step && _evaluated.Shards.SequenceEqual(shards);
        if (!isDue || isTold || _assignment.Plan.Data.TestExamples == 0 || shards.Length == 0)
            return;
        var judged = await _worker.JudgeAsync(weights.Parts, shards, _evaluation.Samples);
        while (await Retried(TellAsync()) is null)
            _stopping.ThrowIfCancellationRequested();
        _evaluated = (weights.Step, shards);

        async Task<object> TellAsync()
        {
            await _run.ReportEvaluationAsync(weights.Step, [.. judged]);
            return judged;
        }
    }

    /// <summary>The buffers of a step are free when the step is over and every push of them was answered. Those of a push that was lost are left alone.</summary>
    private void RecycleBefore(long step)
    {
        if (_pushed is { IsFree: true } pushed && pushed.Step < step)
            pushed.Return();
        _pushed = null;
    }

    private async Task PushAndStageAsync(ImmutableArray<int> shards, GradientLease blocks)
    {
        _pushed = blocks;
        var pushes = new List<Task<PushAnswer>>();
        for (var part = 0; part < blocks.Count; part++)
        {
            foreach (var block in blocks[part])
                pushes.Add(PushAsync(part, block, blocks));
        }
        if (shards.Length > 0)
            await _worker.StageAsync(blocks.Step + 1, shards[0]);
        foreach (var push in pushes)
        {
            if (await Retried(push) is { Outcome: PushOutcome.Refused } refusal)
                throw new InvalidOperationException($"The parameter server refused a gradient of step {blocks.Step}: {refusal.Message}");
        }
    }

    private async Task<PushAnswer> PushAsync(int part, GradientBlock block, GradientLease lease)
    {
        _instruments.OnPushed(block.Payload.Length);
        lease.BeginRead();
        var answer = await _server.PushAsync(new GradientPart
        {
            Step = lease.Step,
            FirstShard = block.FirstShard,
            ShardCount = block.ShardCount,
            Part = part,
            Losses = block.Losses,
            Payload = block.Payload,
            Device = _device,
        });
        lease.EndRead(answer.IsPayloadInUse);
        return answer;
    }

    /// <summary>All parts of the current weights; null when there is nothing new, or when a step came in between.</summary>
    private async Task<PulledWeights?> PullAsync(long known)
    {
        var server = _server;
        // All parts at once: each waits for the step at the server, and none for the answer about another.
        var parts = await Task.WhenAll(Enumerable.Range(0, _partCount).Select(part => server.PullAsync(known, part, _liveness.PullTimeout)));
        var first = parts[0];
        if (first.Outcome is PullOutcome.NotStarted)
        {
            await WakeRunAsync();
            return null;
        }
        _waker.OnAnswered();
        if (first.Outcome is PullOutcome.NotYet)
            return null;
        // What this pull asked for, not what the next one will: a pull that was given up for another may have learnt the number meanwhile.
        if (first.PartCount != parts.Length || Array.Exists(parts, part => part.Step != first.Step || part.Outcome != first.Outcome))
        {
            _partCount = first.PartCount;
            return null;
        }
        _instruments.OnPulled(parts.Sum(part => (long)part.Payload.Length));
        return new(first.Step, first.Outcome == PullOutcome.Finished, [.. parts.Select(part => part.Payload)]);
    }

    /// <summary>The result of a call; default when the other side was lost, which the next pull mends.</summary>
    private async Task<T?> Retried<T>(Task<T> call)
        where T : class?
    {
        try
        {
            return await call.WaitAsync(_stopping);
        }
        catch (Exception e) when (CallFailures.IsTransient(e))
        {
            LogCallLost(_device, RunId, e.Message);
            await WakeRunAsync();
            return null;
        }
    }

    /// <summary>A run that cannot be woken, for whatever reason, is no fault of this trainer: it pulls again, and comes back here.</summary>
    private async Task WakeRunAsync()
    {
        try
        {
            if (!await _waker.WakeAsync(_stopping))
                await LetGoAsync();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogCallLost(_device, RunId, e.Message);
        }
    }

    /// <summary>After the last step the run judges and draws with this device, and releases it. If the run's silo was lost just then, nobody would.</summary>
    private async Task AwaitEndAsync()
    {
        while (true)
        {
            await Task.Delay(EndLookPeriod, _time, _stopping);
            try
            {
                if (!await _waker.IsActiveAsync())
                    await LetGoAsync();
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogCallLost(_device, RunId, e.Message);
            }
        }
    }

    private async Task LetGoAsync()
    {
        LogLetGo(_device, RunId);
        (HasLetGo, FinalWeights, Status) = (true, null, new());
        await _stop.CancelAsync();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Fail(string reason, Exception e)
    {
        LogFailed(e, _device, RunId);
        Status = Status with { Activity = TrainerActivity.Failed, FaultReason = reason, Fault = e.Message };
    }

    private sealed record PulledWeights(long Step, bool IsFinished, IReadOnlyList<byte[]> Parts);

    [LoggerMessage(10, LogLevel.Warning, "Device {Device} lost a call to the parameter server of run {RunId}; it asks again: {Reason}")]
    private partial void LogCallLost(string device, string runId, string reason);

    [LoggerMessage(11, LogLevel.Error, "Device {Device} gave up its work for run {RunId}.")]
    private partial void LogFailed(Exception e, string device, string runId);

    [LoggerMessage(12, LogLevel.Information, "Device {Device} is free: run {RunId} has ended or is paused, and had not said so.")]
    private partial void LogLetGo(string device, string runId);
}
