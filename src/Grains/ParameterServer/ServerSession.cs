using Microsoft.Extensions.Logging;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Parameters.Checkpoints;
using VaeCluster.Parameters.Store;

namespace VaeCluster.Grains.ParameterServer;

/// <summary>
/// A parameter server while it serves a run: takes gradients, decides what becomes of each step, with its partitions where it has some, and applies it.
/// For one grain's turns only, so it needs no lock; the arithmetic runs on the thread pool.
/// </summary>
internal sealed class ServerSession
{
    private readonly LoadedParameterServer _loaded;
    private readonly PartitionSet _partitions;
    private readonly BackgroundWork _work;
    private readonly Action _onChanged;
    private readonly ParameterServerInstruments _instruments;
    private readonly ILogger _logger;

    /// <summary>A step that is decided and waits for the partitions' states; it is not published yet.</summary>
    private Task _completing = Task.CompletedTask;

    /// <summary>Whether the server was stopped: what is still under way changes nothing any more.</summary>
    private bool _isOver;

    /// <summary>Serves from a state on.</summary>
    /// <param name="plan">The run.</param>
    /// <param name="loaded">The memory.</param>
    /// <param name="partitions">The partitions, which serve theirs already.</param>
    /// <param name="work">Ends with the activation.</param>
    /// <param name="onChanged">Called when there are other weights, or the same ones again.</param>
    /// <param name="instruments">What is measured.</param>
    /// <param name="logger">The log.</param>
    public ServerSession(
        RunPlan plan,
        LoadedParameterServer loaded,
        PartitionSet partitions,
        BackgroundWork work,
        Action onChanged,
        ParameterServerInstruments instruments,
        ILogger logger)
    {
        Plan = plan;
        _loaded = loaded;
        _partitions = partitions;
        _work = work;
        _onChanged = onChanged;
        _instruments = instruments;
        _logger = logger;
        Checkpoints.CaptureAsync = CaptureAsync;
    }

    /// <summary>The run.</summary>
    public RunPlan Plan { get; }

    /// <summary>The server's own range, and the decisions.</summary>
    public ParameterStore Store => _loaded.Store;

    /// <summary>Writes the run's checkpoints.</summary>
    public CheckpointWriter Checkpoints => _loaded.Checkpoints;

    /// <summary>Why no further step can be applied; empty while all is well. The run learns of it from the status and fails with this sentence.</summary>
    public string Error { get; private set; } = "";

    /// <summary>Takes a gradient.</summary>
    public async Task<PushAnswer> TakeAsync(GradientBlock block)
    {
        var store = Store;
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
            Announce(step);
            return answer;
        }
        catch (NonFiniteException e)
        {
            Error = e.Message;
            return new(PushOutcome.Accepted);
        }
    }

    /// <summary>The decision that a partition asks for; an undecided one after the pull timeout.</summary>
    public Task<StepDecision> DecideAsync(RangeGradient gradient) =>
        _partitions.Session != gradient.Session
            ? Task.FromResult(new StepDecision { Verdict = StepVerdict.Superseded })
            : _partitions.AwaitDecisionAsync(gradient, () => OfferAsync(gradient));

    /// <summary>
    /// The whole training state at a moment when no step is decided and no gradient is under way; it stays so until <see cref="ReleaseAsync"/>.
    /// </summary>
    /// <exception cref="TimeoutException">A partition did not come to that moment in time.</exception>
    public async Task<Checkpoint> HoldAsync()
    {
        await _completing;
        int? attempt;
        while ((attempt = Store.TryRestartStep()) is null && _partitions.LostSilo.Length == 0)
            // A step was decided just then.
            await _completing;
        if (attempt is { } next)
        {
            await _partitions.HoldAsync(Store.Step, next);
            if (await CaptureAsync(Checkpoints.WrittenStep) is { } checkpoint)
                return checkpoint;
        }
        throw new TimeoutException($"The partition on {_partitions.LostSilo} did not hand its state over.");
    }

    /// <summary>Goes on after <see cref="HoldAsync"/>.</summary>
    /// <param name="standbySilo">The silo of the standby that follows; empty when none does.</param>
    public async Task ReleaseAsync(string standbySilo)
    {
        await _partitions.ReleaseAsync(standbySilo);
        // Those who pushed to the step that was restarted push again.
        _onChanged();
    }

    /// <summary>Writes the model into a file.</summary>
    /// <exception cref="TimeoutException">A partition did not hand its weights over.</exception>
    public async Task<SavedModel> SaveModelAsync(string path)
    {
        await _completing;
        var (store, plan) = (Store, Plan);
        var others = await _partitions.TryGatherAsync(store.Step, StateCopy.Weights)
            ?? throw new TimeoutException($"The partition on {_partitions.LostSilo} did not hand its weights over.");
        return await Task.Run(() => ModelWriter.Write(path, plan, store, others));
    }

    /// <summary>How far it is.</summary>
    public ParameterServerStatus Report(long afterStep, string standbySilo)
    {
        _partitions.Check(_work);
        return _loaded.Report(afterStep, Error, standbySilo) with { Owners = _partitions.Owners, LostPartitionSilo = _partitions.LostSilo };
    }

    /// <summary>Writes a last checkpoint, where that is asked for, and lets the partitions forget the run.</summary>
    public async Task StopAsync(bool writeCheckpoint)
    {
        _isOver = true;
        if (writeCheckpoint)
            await Checkpoints.FlushAsync();
        await _partitions.StopAsync();
    }

    private async Task<StepDecision?> OfferAsync(RangeGradient gradient)
    {
        var store = Store;
        try
        {
            var (missed, step) = await Task.Run(() => (store.Offer(gradient), store.TryApplyStep()));
            Announce(step);
            return missed;
        }
        catch (NonFiniteException e)
        {
            Error = e.Message;
            return null;
        }
    }

    private void Announce(StepResult step)
    {
        if (_isOver)
            return;
        if (step.Decision is { } decision)
            _partitions.Announce(decision);
        if (step.Awaited != StateCopy.None)
        {
            // Not awaited: the partitions' states are those after the decision, which whoever asked for it has not got yet.
            _completing = _work.Start(_ => CompleteAsync(step.Awaited));
        }
        else if (step.Record is { } record)
        {
            _instruments.OnStep(record.Seconds);
            if (step.Checkpoint is { } checkpoint)
                Checkpoints.Write(checkpoint);
            _onChanged();
        }
        else if (step.SuspectReason.Length > 0)
        {
            _instruments.OnRefused();
            _logger.LogSuspect(step.SuspectReason);
            _onChanged();
        }
    }

    private async Task CompleteAsync(StateCopy copy)
    {
        var store = Store;
        if (await _partitions.TryGatherAsync(store.Step + 1, copy) is { } others)
            Announce(await Task.Run(() => store.CompleteStep(others)));
    }

    /// <summary>The whole training state; null where a partition does not hand its part over.</summary>
    private async Task<Checkpoint?> CaptureAsync(long writtenStep)
    {
        // The partitions have applied a step that is decided.
        await _completing;
        var store = Store;
        var own = await Task.Run(() => store.Capture(writtenStep));
        return await _partitions.TryGatherAsync(own.State.Step, StateCopy.All) is { } others
            ? own with { State = TrainingState.Join([.. others, own.State]) }
            : null;
    }
}
