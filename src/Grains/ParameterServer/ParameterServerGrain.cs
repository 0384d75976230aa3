using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Grains.Devices;
using VaeCluster.Grains.Liveness;
using VaeCluster.Grains.Storage;
using VaeCluster.Parameters.Store;

namespace VaeCluster.Grains.ParameterServer;

/// <summary>
/// The parameter server of one run; the key is <c>silo/run</c>. The weights live in memory, and now and then in a checkpoint: after a loss the run starts
/// another from the newest that is valid, and the steps since are computed again, to the same bits. The key names the silo that the run is on, so whoever
/// calls first, the two are together and their messages stay off the wire. The arithmetic runs on the thread pool, off the grain's turns; turns only look at
/// its results.
/// </summary>
[SiloNamePlacement]
public sealed class ParameterServerGrain : Grain, IParameterServerGrain
{
    private readonly ParameterServerLoader _loader;
    private readonly RunFiles _files;
    private readonly TimeProvider _time;
    private readonly ParameterServerInstruments _instruments;
    private readonly ILogger<ParameterServerGrain> _logger;

    private readonly AsyncSignal _stepChanged = new();
    private readonly StandbyReplication _replication;

    // Memory only, lost on deactivation.
    private LoadedParameterServer? _loaded;
    private RunPlan? _plan;
    private string _error = "";

    /// <summary>The checkpoint that a stop writes; a disk may take longer for it than the run keeps its device lease.</summary>
    private Task _lastCheckpoint = Task.CompletedTask;

    /// <summary>For the runtime.</summary>
    public ParameterServerGrain(
        RunFiles files,
        IOptions<LivenessOptions> liveness,
        IGrainFactory grains,
        TimeProvider time,
        ParameterServerInstruments instruments,
        ILogger<ParameterServerGrain> logger)
    {
        ArgumentNullException.ThrowIfNull(liveness);
        _loader = new ParameterServerLoader(files, time, instruments, logger);
        _files = files;
        _replication = new StandbyReplication(grains, liveness.Value, time, logger);
        _time = time;
        _instruments = instruments;
        _logger = logger;
    }

    /// <inheritdoc/>
    public async Task<ParameterServerStatus> StartAsync(RunPlan plan, string standbySilo)
    {
        ArgumentNullException.ThrowIfNull(plan);
        // Two writers of one folder must not meet, and it is cleaned before it is read.
        await _lastCheckpoint;
        if (Store is null)
        {
            var followed = await _replication.FetchAsync(standbySilo, plan);
            var loader = _loader;
            _loaded = await Task.Run(() => loader.Load(plan, followed));
            _plan = plan;
            _error = "";
            _logger.LogStarted(plan.RunId, _loaded.Store.Layout.ParameterLength, _loaded.Store.StepCount - _loaded.Store.Step);
            _stepChanged.Set();
        }
        return Status(long.MaxValue);
    }

    /// <inheritdoc/>
    public async Task FollowAsync(string standbySilo)
    {
        if (Store is not { } store || _plan is not { } plan)
            return;
        try
        {
            await _replication.FollowAsync(standbySilo, plan, store, WrittenStep, () => Store == store);
        }
        finally
        {
            // Those who pushed to the step that was restarted push again.
            _stepChanged.Set();
        }
    }

    /// <inheritdoc/>
    public Task<PushAnswer> PushAsync(GradientBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        return _replication.PushAsync(block, () => WrittenStep, TakeAsync);
    }

    private async Task<PushAnswer> TakeAsync(GradientBlock block)
    {
        if (Store is not { } store)
        {
            block.Payload.Release();
            return new(PushOutcome.NotStarted);
        }
        try
        {
            var (answer, step) = await Task.Run(() =>
            {
                var answer = store.Offer(block);
                return (answer, answer.Outcome == PushOutcome.Accepted ? store.TryApplyStep() : StepResult.Incomplete);
            });
            if (answer.Outcome == PushOutcome.Refused)
            {
                _instruments.OnRefused();
                _logger.LogRefused(string.Join(", ", block.Contributors.Select(contributor => contributor.Device)), block.Step, answer.Message);
            }
            if (Store == store)
                Announce(step);
            return answer;
        }
        catch (NonFiniteException e)
        {
            // The run learns of it from the status and fails with this sentence.
            _error = e.Message;
            return new(PushOutcome.Accepted);
        }
    }

    /// <inheritdoc/>
    public async Task<WeightsPart> PullAsync(long knownStep, int part, TimeSpan timeout)
    {
        if (Store is null)
            return new() { Outcome = PullOutcome.NotStarted };
        if (Store.Step == knownStep && !Store.IsFinished)
        {
            try
            {
                await _stepChanged.Next.WaitAsync(timeout, _time);
            }
            catch (TimeoutException)
            {
                return new() { Outcome = PullOutcome.NotYet };
            }
        }
        if (Store is not { } store)
            return new() { Outcome = PullOutcome.NotStarted };
        using var weights = store.AcquireWeights();
        return new()
        {
            Outcome = weights.IsFinal ? PullOutcome.Finished : PullOutcome.Weights,
            Step = weights.Step,
            // The message's own reference.
            Payload = weights.Parts[part].Retain(),
            PartCount = weights.Parts.Count,
        };
    }

    /// <inheritdoc/>
    public Task<ParameterServerStatus> GetStatusAsync(long afterStep, long writtenStep)
    {
        if (Checkpoints is { } checkpoints)
            checkpoints.WrittenStep = Math.Max(checkpoints.WrittenStep, writtenStep);
        Store?.History.Forget(writtenStep);
        return Task.FromResult(Status(afterStep));
    }

    /// <inheritdoc/>
    public Task<SavedModel> SaveModelAsync()
    {
        if (Store is not { } store || _plan is not { } plan)
            throw new InvalidOperationException($"The parameter server {this.GetPrimaryKeyString()} has no weights to save.");
        var path = _files.Model(plan.RunId);
        return Task.Run(() => ModelWriter.Write(path, plan, store));
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // A silo that stops in good order loses no step.
        if (Checkpoints is { } checkpoints && Store is not null)
            await checkpoints.FlushAsync();
    }

    /// <inheritdoc/>
    public async Task StopAsync(bool writeCheckpoint)
    {
        var checkpoints = Checkpoints;
        _loaded = null;
        _plan = null;
        _stepChanged.Set();
        await _replication.StopAsync();
        // A run that was paused or failed may go on some day.
        if (checkpoints is not null && writeCheckpoint)
            _lastCheckpoint = checkpoints.FlushAsync();
        await _lastCheckpoint;
        DeactivateOnIdle();
    }

    private ParameterStore? Store => _loaded?.Store;

    private CheckpointWriter? Checkpoints => _loaded?.Checkpoints;

    private long WrittenStep => Checkpoints?.WrittenStep ?? 0;

    private void Announce(StepResult step)
    {
        if (step.Record is { } record)
        {
            _instruments.OnStep(record.Seconds);
            if (step.Checkpoint is { } checkpoint)
                Checkpoints?.Write(checkpoint);
            _stepChanged.Set();
        }
        else if (step.SuspectReason.Length > 0)
        {
            _instruments.OnRefused();
            _logger.LogSuspect(step.SuspectReason);
            _stepChanged.Set();
        }
    }

    private ParameterServerStatus Status(long afterStep) => _loaded is { } loaded ? loaded.Report(afterStep, _error, _replication.Silo) : new();
}
