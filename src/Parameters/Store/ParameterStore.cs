using System.Collections.Immutable;
using System.Runtime.InteropServices;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data;
using VaeCluster.Parameters.Checkpoints;
using VaeCluster.Parameters.Optimizers;
using VaeCluster.Parameters.Schedules;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Parameters.Store;

/// <summary>
/// The arithmetic of a parameter server: it adds gradient blocks up along the canonical tree, and when every shard of the step is in,
/// applies the update. Weights are published as a snapshot that never changes; a step makes another one.
/// Safe to use from many threads: blocks of different parts are added at the same time.
/// </summary>
public sealed class ParameterStore
{
    /// <summary>
    /// A mean gradient longer than this counts as not finite. Its squares would leave the range of Adam's moments soon, and a loss
    /// this steep has diverged.
    /// </summary>
    private const double GradientNormMax = 1e18;

    /// <summary>Held while a step is applied; whoever only reads the weights need not wait for it.</summary>
    private readonly Lock _applying = new();
    private readonly RunSpec _spec;
    private readonly TrainingSchedule _schedule;
    private readonly LearningRateSchedule _learningRates;
    private readonly WeightUpdate _update;
    private readonly StepReduction _reduction;
    private volatile WeightsSnapshot _published;

    /// <summary>The step whose gradient was not finite when it was computed first, so that it is computed again; guarded by the lock of applying.</summary>
    private long _suspectStep = -1;

    /// <summary>The store at step 0.</summary>
    /// <param name="spec">The complete spec.</param>
    /// <param name="data">What the data are.</param>
    /// <param name="layout">How the model's tensors lie.</param>
    /// <param name="initial">The flat vector of step 0.</param>
    /// <param name="time">What steps are timed by.</param>
    public ParameterStore(RunSpec spec, DataDescription data, ParameterLayout layout, ReadOnlySpan<float> initial, TimeProvider? time = null)
        : this(spec, data, layout, WeightsSnapshot.Create(layout, initial), new StepHistory(time ?? TimeProvider.System, 0, []))
    {
    }

    /// <summary>The store as it was when <see cref="Capture"/> gave a checkpoint.</summary>
    /// <param name="spec">The complete spec.</param>
    /// <param name="data">What the data are.</param>
    /// <param name="layout">How the model's tensors lie.</param>
    /// <param name="checkpoint">The training state.</param>
    /// <param name="time">What steps are timed by.</param>
    public ParameterStore(RunSpec spec, DataDescription data, ParameterLayout layout, Checkpoint checkpoint, TimeProvider? time = null)
        : this(spec, data, layout, Weights(spec, data, checkpoint),
            new StepHistory(time ?? TimeProvider.System, checkpoint.State.Step, checkpoint.Records)) =>
        _update.Restore(checkpoint.State.Updates, checkpoint.State.Optimizer);

    private ParameterStore(RunSpec spec, DataDescription data, ParameterLayout layout, WeightsSnapshot published, StepHistory history)
    {
        _spec = spec;
        Layout = layout;
        _published = published;
        History = history;
        _schedule = new TrainingSchedule(spec, data);
        _learningRates = new LearningRateSchedule(spec.Optimizer, _schedule.StepsPerEpoch, _schedule.StepCount);
        _update = new WeightUpdate(spec.Optimizer, layout);
        _reduction = new StepReduction(layout, _schedule.Shards, () => _published.Step);
    }

    /// <summary>
    /// Asked of each step when it is applied: the last step whose record is written down, when a checkpoint is due; null when none is. A step
    /// of which there is a checkpoint has its weights' hash in its record.
    /// </summary>
    public Func<long, long?>? CheckpointDue { get; set; }

    /// <summary>What was measured of the newest steps.</summary>
    public StepHistory History { get; }

    /// <summary>How the model's tensors lie.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>Steps applied.</summary>
    public long Step => _published.Step;

    /// <summary>Steps of the run.</summary>
    public long StepCount => _schedule.StepCount;

    /// <summary>Whether every step was applied.</summary>
    public bool IsFinished => Step >= StepCount;

    /// <summary>The newest weights. The caller disposes them; until then nobody writes to their memory.</summary>
    public WeightsSnapshot AcquireWeights()
    {
        // Null where they were replaced in between, so the next look finds others.
        while (true)
        {
            if (_published.TryShare() is { } weights)
                return weights;
        }
    }

    /// <summary>Takes a block of a gradient over, with the reference to its payload. Does nothing with one that is there already.</summary>
    public PushAnswer Offer(GradientBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        return _reduction.Offer(block);
    }

    /// <summary>The shards that the current step waits for, ascending: those of which a part is missing.</summary>
    public ImmutableArray<int> MissingShards() => _reduction.MissingShards();

    /// <summary>
    /// Applies the step if every shard of every part is in. A gradient that is not finite makes the step suspect the first time, and it is computed
    /// again: a run that has diverged comes to the same, and a device that erred once does not.
    /// </summary>
    /// <returns>Whether it was applied, must be computed again, or has something missing still.</returns>
    /// <exception cref="NonFiniteException">The gradient is not finite, the second time too, and the spec says to fail.</exception>
    public StepResult TryApplyStep()
    {
        lock (_applying)
        {
            var roots = _reduction.Roots();
            return IsFinished || Array.Exists(roots, root => root is null) ? StepResult.Incomplete : Apply(roots!);
        }
    }

    /// <summary>Forgets what came of the current step: every shard has to be offered again.</summary>
    public void RestartStep()
    {
        lock (_applying)
            Publish(_published);
    }

    /// <summary>A copy of the training state after the last applied step; no step waits for longer than copying takes.</summary>
    /// <param name="writtenStep">The last step whose record is written down already; the checkpoint carries those after it.</param>
    public Checkpoint Capture(long writtenStep)
    {
        lock (_applying)
        {
            var published = _published;
            var state = new TrainingState
            {
                Step = published.Step,
                Updates = _update.Number,
                Weights = published.ToArrays(),
                Optimizer = _update.CopyState(),
            };
            return new(state, History.After(writtenStep));
        }
    }

    private StepResult Apply(GradientBlock[] roots)
    {
        var weights = _published;
        var step = weights.Step;
        var (losses, contributors) = (roots[0].Losses, roots[0].Contributors);
        var examples = _schedule.ExamplesOf(step);
        PartBuffer[] gradient = [.. roots.Select(root => root.Payload)];
        var norm = _update.Norm(gradient) / examples;
        var isFinite = norm <= GradientNormMax && StepReduction.IsFinite(losses);
        if (!isFinite && _suspectStep != step)
        {
            var reason = new NonFiniteException(step, losses, norm, _reduction.Suspect);
            _suspectStep = step;
            Publish(_published);
            return new(null, reason.Message);
        }
        if (!isFinite && _spec.Training.NonFinite == NonFiniteAction.Fail)
            throw new NonFiniteException(step, losses, norm, _reduction.Suspect);

        var rate = _learningRates.At(step);
        var next = new WeightsSnapshot(
            step + 1,
            step + 1 >= StepCount,
            isFinite ? _update.Apply(weights.Parts, gradient, examples, rate, norm) : [.. weights.Parts.Select(part => part.Retain())]);
        var writtenStep = CheckpointDue?.Invoke(step + 1);
        Publish(next);
        var record = History.Add(new StepRecord
        {
            Step = step + 1,
            Losses = losses,
            Beta = BetaSchedule.At(_spec.Objective.Beta, step) * BetaScale(next),
            LearningRate = rate,
            GradientNorm = norm,
            Skipped = !isFinite,
            Blocks = contributors,
            WeightsSha256 = _spec.Ledger.Hash == LedgerHashKind.Steps || step + 1 == StepCount || writtenStep is not null ? next.ToSha256() : "",
        });
        return new(record, "", writtenStep is { } written ? Capture(written) : null);
    }

    /// <summary>The factor of beta in the step that made these weights, which hold it where the spec lets beta be reduced.</summary>
    private double BetaScale(WeightsSnapshot weights)
    {
        if (Layout.Slots.FirstOrDefault(slot => slot.Name == BetaReductions.CountBuffer) is not { } slot)
            return 1;
        Span<float> reductions = [0];
        PartedVector.Read(weights.Parts, slot.Offset, MemoryMarshal.AsBytes(reductions));
        return BetaReductions.ScaleOf(_spec.Objective.Collapse, reductions[0]);
    }

    /// <summary>Puts weights in place for everybody, and clears what was added up for the step.</summary>
    private void Publish(WeightsSnapshot next)
    {
        var before = _published;
        _reduction.Restart(() => _published = next);
        if (before != next)
            before.Dispose();
    }

    private static WeightsSnapshot Weights(RunSpec spec, DataDescription data, Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        var isFinal = checkpoint.State.Step >= new TrainingSchedule(spec, data).StepCount;
        return WeightsSnapshot.Wrap(checkpoint.State.Step, isFinal, checkpoint.State.Weights);
    }
}
