using System.Collections.Immutable;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data;
using VaeCluster.Parameters.Checkpoints;
using VaeCluster.Parameters.Schedules;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Parameters.Store;

/// <summary>
/// The arithmetic of a parameter server: when every shard of the step is in, it decides what becomes of the step and applies the update. It owns the last
/// range of the flat vector, where the running statistics are; where the vector is partitioned, others own the rest, and it owns all of it otherwise.
/// Safe to use from many threads: blocks of different parts are added at the same time.
/// </summary>
public sealed class ParameterStore
{
    /// <summary>Held while a step is decided and applied; whoever only reads the weights need not wait for it.</summary>
    private readonly Lock _applying = new();
    private readonly RunSpec _spec;
    private readonly TrainingSchedule _schedule;
    private readonly StepDecider _decider;
    private readonly PartitionStore _own;

    /// <summary>The sums of squares of the other ranges' gradients of the current attempt, as far as they are known; guarded by the lock.</summary>
    private readonly ImmutableArray<double>?[] _others;

    /// <summary>Which attempt at the current step is under way; guarded by the lock.</summary>
    private int _attempt;

    /// <summary>What was decided, while the other partitions' states are awaited; guarded by the lock.</summary>
    private DecidedStep? _decided;

    /// <summary>The store at step 0.</summary>
    /// <param name="spec">The complete spec.</param>
    /// <param name="data">What the data are.</param>
    /// <param name="layout">How the model's tensors lie.</param>
    /// <param name="initial">The flat vector of step 0.</param>
    /// <param name="time">What steps are timed by.</param>
    public ParameterStore(RunSpec spec, DataDescription data, ParameterLayout layout, ReadOnlySpan<float> initial, TimeProvider? time = null)
        : this(spec, data, new PartitionStore(spec, data, layout, PartRange.All(layout), WeightsSnapshot.Create(layout, initial)), 0,
            new StepHistory(time ?? TimeProvider.System, 0, []))
    {
    }

    /// <summary>The store as it was when <see cref="Capture"/> gave a checkpoint.</summary>
    /// <param name="spec">The complete spec.</param>
    /// <param name="data">What the data are.</param>
    /// <param name="layout">How the model's tensors lie.</param>
    /// <param name="checkpoint">The training state, of all ranges.</param>
    /// <param name="time">What steps are timed by.</param>
    /// <param name="partitions">How many partitions the vector has.</param>
    public ParameterStore(
        RunSpec spec,
        DataDescription data,
        ParameterLayout layout,
        Checkpoint checkpoint,
        TimeProvider? time = null,
        int partitions = 1)
        : this(spec, data, Own(spec, data, layout, checkpoint, partitions), partitions - 1,
            new StepHistory(time ?? TimeProvider.System, checkpoint.State.Step, checkpoint.Records))
    {
    }

    private ParameterStore(RunSpec spec, DataDescription data, PartitionStore own, int others, StepHistory history)
    {
        _spec = spec;
        _schedule = new TrainingSchedule(spec, data);
        _decider = new StepDecider(spec, _schedule);
        _own = own;
        _others = new ImmutableArray<double>?[others];
        History = history;
    }

    /// <summary>
    /// Asked of each step when it is applied: the last step whose record is written down, when a checkpoint is due; null when none is. A step
    /// of which there is a checkpoint has its weights' hash in its record.
    /// </summary>
    public Func<long, long?>? CheckpointDue { get; set; }

    /// <summary>What was measured of the newest steps.</summary>
    public StepHistory History { get; }

    /// <summary>How the model's tensors lie.</summary>
    public ParameterLayout Layout => _own.Layout;

    /// <summary>The parts that it owns.</summary>
    public PartRange Range => _own.Range;

    /// <summary>Steps applied.</summary>
    public long Step => _own.Step;

    /// <summary>Steps of the run.</summary>
    public long StepCount => _schedule.StepCount;

    /// <summary>Whether every step was applied.</summary>
    public bool IsFinished => _own.IsFinished;

    /// <summary>The newest weights of its range. The caller disposes them; until then nobody writes to their memory.</summary>
    public WeightsSnapshot AcquireWeights() => _own.AcquireWeights();

    /// <summary>Takes a block of a gradient over, with the reference to its payload. Does nothing with one that is there already.</summary>
    public PushAnswer Offer(GradientBlock block) => _own.Offer(block);

    /// <summary>Takes what another partition adds to the decision about the current step. Does nothing with that of another step.</summary>
    /// <returns>The decision where the partition has missed that the step was restarted; null otherwise.</returns>
    public StepDecision? Offer(RangeGradient gradient)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        lock (_applying)
        {
            if (gradient.Step != Step)
                return null;
            if (gradient.Attempt != _attempt)
                return new() { Verdict = StepVerdict.Repeat, Step = Step, Attempt = gradient.Attempt, NextAttempt = _attempt };
            _others[gradient.Range] = gradient.SquareSums;
            return null;
        }
    }

    /// <summary>The shards that the current step waits for, ascending: those of which a part is missing.</summary>
    public ImmutableArray<int> MissingShards() => _own.MissingShards();

    /// <summary>
    /// Applies the step if every shard of every part is in. A gradient that is not finite makes the step suspect the first time, and it is computed
    /// again: a run that has diverged comes to the same, and a device that erred once does not.
    /// </summary>
    /// <returns>
    /// Whether it was applied, must be computed again, or has something missing still; or, where the other partitions' states are needed first, the
    /// decision, which <see cref="CompleteStep"/> carries out.
    /// </returns>
    /// <exception cref="NonFiniteException">The gradient is not finite, the second time too, and the spec says to fail.</exception>
    public StepResult TryApplyStep()
    {
        lock (_applying)
        {
            if (_decided is not null || _own.TryReduce() is not { } reduced || Array.Exists(_others, sums => sums is null))
                return StepResult.Incomplete;
            var (decision, suspectReason) = _decider.Decide(reduced, _others.SelectMany(sums => sums!.Value).Concat(reduced.SquareSums));
            if (decision.Verdict == StepVerdict.Repeat)
            {
                Restart(decision.NextAttempt);
                return new(null, suspectReason, Decision: decision);
            }
            var writtenStep = CheckpointDue?.Invoke(Step + 1);
            var copy = writtenStep is not null ? StateCopy.All : IsHashed(Step + 1) ? StateCopy.Weights : StateCopy.None;
            _decided = new(decision, reduced, writtenStep, copy);
            return _others.Length > 0 && copy != StateCopy.None ? new(null, "", Decision: decision, Awaited: copy) : Complete(_decided, []);
        }
    }

    /// <summary>Applies the step that was decided, once the other partitions have applied it.</summary>
    /// <param name="others">Their states after it, in order.</param>
    public StepResult CompleteStep(IReadOnlyList<TrainingState> others)
    {
        ArgumentNullException.ThrowIfNull(others);
        lock (_applying)
        {
            return Complete(_decided ?? throw new InvalidOperationException("No step is decided."), others);
        }
    }

    /// <summary>Forgets what came of the current step: every shard has to be offered again.</summary>
    /// <returns>Which attempt at the step begins; null where the step is decided already, and <see cref="CompleteStep"/> has to come first.</returns>
    public int? TryRestartStep()
    {
        lock (_applying)
            return _decided is null ? Restart(_attempt + 1) : null;
    }

    /// <summary>A copy of the training state of its range after the last applied step; no step waits for longer than copying takes.</summary>
    /// <param name="writtenStep">The last step whose record is written down already; the checkpoint carries those after it.</param>
    public Checkpoint Capture(long writtenStep)
    {
        lock (_applying)
            return new(_own.Capture(), History.After(writtenStep));
    }

    private StepResult Complete(DecidedStep decided, IReadOnlyList<TrainingState> others)
    {
        var (decision, reduced, writtenStep, copy) = decided;
        _own.Apply(decision);
        Forget(attempt: 0);
        var record = History.Add(new StepRecord
        {
            Step = Step,
            Losses = reduced.Losses,
            Beta = BetaSchedule.At(_spec.Objective.Beta, _schedule.LastBatchOf(decision.Step)) * BetaScale(),
            LearningRate = decision.LearningRate,
            GradientNorm = decision.GradientNorm,
            Skipped = decision.Verdict == StepVerdict.Skip,
            Blocks = reduced.Contributors,
            WeightsSha256 = copy != StateCopy.None ? ToSha256(others) : "",
        });
        var checkpoint = writtenStep is { } written ? Capture(written) : null;
        return new(record, "", checkpoint is null ? null : checkpoint with { State = TrainingState.Join([.. others, checkpoint.State]) }, decision);
    }

    private bool IsHashed(long step) => _spec.Ledger.Hash == LedgerHashKind.Steps || step == StepCount;

    private string ToSha256(IReadOnlyList<TrainingState> others)
    {
        using var weights = AcquireWeights();
        return SafetensorsFile.Sha256(others.SelectMany(state => state.Weights).Select(part => (ReadOnlyMemory<byte>)part)
            .Concat(weights.Parts.Select(part => (ReadOnlyMemory<byte>)part.Memory)));
    }

    /// <summary>The factor of beta in the step that made the newest weights, which hold it where the spec lets beta be reduced.</summary>
    private double BetaScale() =>
        _own.ReadBuffer(BetaReductions.CountBuffer) is { } reductions ? BetaReductions.ScaleOf(_spec.Objective.Collapse, reductions) : 1;

    private int Restart(int attempt)
    {
        _own.RestartStep(attempt);
        Forget(attempt);
        return attempt;
    }

    private void Forget(int attempt)
    {
        Array.Clear(_others);
        _attempt = attempt;
        _decided = null;
    }

    private static PartitionStore Own(RunSpec spec, DataDescription data, ParameterLayout layout, Checkpoint checkpoint, int partitions)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        var range = PartRange.Divide(layout, partitions)[^1];
        return new(spec, data, layout, range, checkpoint.State.Slice(layout, range));
    }

    private sealed record DecidedStep(StepDecision Decision, ReducedGradient Reduced, long? WrittenStep, StateCopy Copy);
}
