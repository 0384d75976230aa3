using System.Collections.Immutable;
using System.Runtime.InteropServices;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data;
using VaeCluster.Parameters.Checkpoints;
using VaeCluster.Parameters.Optimizers;
using VaeCluster.Parameters.Reduction;
using VaeCluster.Parameters.Schedules;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Parameters.Store;

/// <summary>
/// The arithmetic of a parameter server: it adds gradient blocks up along the canonical tree, and when every shard of the step is in,
/// applies the update. Weights are published as bytes that never change again; a step makes new ones.
/// Safe to use from many threads: blocks of different parts are added at the same time.
/// </summary>
public sealed class ParameterStore
{
    /// <summary>
    /// A mean gradient longer than this counts as not finite. Its squares would leave the range of Adam's moments soon, and what is
    /// this steep has lost its way anyhow.
    /// </summary>
    private const double GradientNormMax = 1e18;

    /// <summary>Held while a step is applied; whoever only reads the weights need not wait for it.</summary>
    private readonly Lock _applying = new();
    private readonly RunSpec _spec;
    private readonly TrainingSchedule _schedule;
    private readonly LearningRateSchedule _learningRates;
    private readonly WeightUpdate _update;
    private readonly Lock[] _partGates;
    private readonly ReductionTree[] _trees;
    private volatile Published _published;

    /// <summary>The first shards of the step whose loss is not finite; guarded by the gate of part 0.</summary>
    private GradientPart? _suspect;

    /// <summary>The step that was computed once and came to something that is not finite; guarded by the lock of applying.</summary>
    private long _doubtedStep = -1;

    /// <summary>Who computed the shards of the step that are in; guarded by the gate of part 0.</summary>
    private readonly StepContributors _contributors = new();

    /// <summary>The store at step 0.</summary>
    /// <param name="spec">The complete spec.</param>
    /// <param name="data">What the data are.</param>
    /// <param name="layout">How the model's tensors lie.</param>
    /// <param name="initial">The flat vector of step 0.</param>
    /// <param name="time">What steps are timed by.</param>
    public ParameterStore(RunSpec spec, DataDescription data, ParameterLayout layout, ReadOnlySpan<float> initial, TimeProvider? time = null)
        : this(spec, data, layout, Published.Of(layout, initial), new StepHistory(time ?? TimeProvider.System, 0, []))
    {
    }

    /// <summary>The store as it was when <see cref="Capture"/> gave a checkpoint.</summary>
    /// <param name="spec">The complete spec.</param>
    /// <param name="data">What the data are.</param>
    /// <param name="layout">How the model's tensors lie.</param>
    /// <param name="checkpoint">What the run had learnt.</param>
    /// <param name="time">What steps are timed by.</param>
    public ParameterStore(RunSpec spec, DataDescription data, ParameterLayout layout, Checkpoint checkpoint, TimeProvider? time = null)
        : this(spec, data, layout, Published.Of(checkpoint), new StepHistory(time ?? TimeProvider.System, checkpoint.State.Step, checkpoint.Records)) =>
        _update.Restore(checkpoint.State.Updates, checkpoint.State.Optimizer);

    private ParameterStore(RunSpec spec, DataDescription data, ParameterLayout layout, Published published, StepHistory history)
    {
        (_spec, Layout, _published, History) = (spec, layout, published, history);
        _schedule = new TrainingSchedule(spec, data);
        _learningRates = new LearningRateSchedule(spec.Optimizer, _schedule.StepsPerEpoch, _schedule.StepCount);
        _update = new WeightUpdate(spec.Optimizer, layout);
        _partGates = [.. Enumerable.Range(0, layout.PartCount).Select(_ => new Lock())];
        var pool = new BufferPool();
        _trees = [.. Enumerable.Range(0, layout.PartCount).Select(_ => new ReductionTree(_schedule.Shards, pool))];
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

    /// <summary>Steps of the whole run.</summary>
    public long StepCount => _schedule.StepCount;

    /// <summary>Whether every step was applied.</summary>
    public bool IsFinished => Step >= StepCount;

    /// <summary>The step and its weights, together. The bytes never change.</summary>
    public (long Step, IReadOnlyList<byte[]> Parts) Weights
    {
        get
        {
            var now = _published;
            return (now.Step, now.Parts);
        }
    }

    /// <summary>Takes a part of a gradient. Does nothing with one that is there already.</summary>
    public PushAnswer Offer(GradientPart part)
    {
        ArgumentNullException.ThrowIfNull(part);
        if (Refusal(part) is { } refusal)
            return new(PushOutcome.Refused, refusal);
        lock (_partGates[part.Part])
        {
            if (part.Step != Step)
                return new(PushOutcome.OtherStep, $"The run is at step {Step}.");
            var isNew = _trees[part.Part].Offer(new(part.FirstShard, part.ShardCount, part.Losses, part.Payload));
            if (isNew && part.Part == 0)
                _contributors.Add(part);
            if (isNew && part.Part == 0 && !IsFinite(part.Losses) && !(_suspect?.FirstShard <= part.FirstShard))
                _suspect = part;
            return new(isNew ? PushOutcome.Accepted : PushOutcome.Duplicate);
        }
    }

    /// <summary>The shards that the current step waits for, ascending: those of which a part is missing.</summary>
    public ImmutableArray<int> MissingShards()
    {
        var missing = new SortedSet<int>();
        for (var part = 0; part < Layout.PartCount; part++)
        {
            lock (_partGates[part])
                missing.UnionWith(Enumerable.Range(0, _schedule.Shards).Where(shard => !_trees[part].Holds(shard, 1)));
        }
        return [.. missing];
    }

    /// <summary>
    /// Applies the step if every shard of every part is in. A gradient that is not finite is not believed the first time: a run that has
    /// lost its way computes it again, and a device that erred once does not.
    /// </summary>
    /// <returns>Whether it was applied, must be computed again, or has something missing still.</returns>
    /// <exception cref="NonFiniteException">The gradient is not finite, the second time too, and the spec says to fail.</exception>
    public StepResult TryApplyStep()
    {
        lock (_applying)
        {
            var roots = Roots();
            return IsFinished || Array.Exists(roots, root => root is null) ? StepResult.Incomplete : Apply(roots!);
        }
    }

    /// <summary>Forgets what came of the current step: every shard has to be offered again.</summary>
    public void RestartStep()
    {
        lock (_applying)
            Publish(_published);
    }

    /// <summary>What has been learnt after the last applied step. The optimizer's state is copied, which no step waits for longer than that takes.</summary>
    /// <param name="writtenStep">The last step whose record is written down already; the checkpoint carries those after it.</param>
    public Checkpoint Capture(long writtenStep)
    {
        lock (_applying)
        {
            var (step, weights) = _published;
            var state = new TrainingState { Step = step, Updates = _update.Number, Weights = weights, Optimizer = _update.CopyState() };
            return new(state, History.After(writtenStep));
        }
    }

    private GradientBlock?[] Roots()
    {
        var roots = new GradientBlock?[Layout.PartCount];
        for (var part = 0; part < roots.Length; part++)
        {
            lock (_partGates[part])
                roots[part] = _trees[part].Root;
        }
        return roots;
    }

    private StepResult Apply(GradientBlock[] roots)
    {
        var (step, weights) = _published;
        var losses = roots[0].Losses;
        var examples = _schedule.ExamplesOf(step);
        byte[][] gradient = [.. roots.Select(root => root.Payload)];
        var norm = _update.Norm(gradient) / examples;
        var isFinite = norm <= GradientNormMax && IsFinite(losses);
        if (!isFinite && _doubtedStep != step)
        {
            var doubt = new NonFiniteException(step, losses, norm, _suspect);
            _doubtedStep = step;
            Publish(_published);
            return new(null, doubt.Message);
        }
        if (!isFinite && _spec.Training.NonFinite == NonFiniteAction.Fail)
            throw new NonFiniteException(step, losses, norm, _suspect);

        var rate = _learningRates.At(step);
        var next = isFinite ? _update.Apply(weights, gradient, examples, rate, norm) : weights;
        // Every shard is in, so nobody is added any more until the step is published.
        var blocks = _contributors.Blocks;
        var writtenStep = CheckpointDue?.Invoke(step + 1);
        Publish(new(step + 1, next));
        var record = History.Add(new StepRecord
        {
            Step = step + 1,
            Losses = losses,
            Beta = BetaSchedule.At(_spec.Objective.Beta, step) * BetaScale(next),
            LearningRate = rate,
            GradientNorm = norm,
            Skipped = !isFinite,
            Blocks = blocks,
            WeightsSha256 = _spec.Ledger.Hash == LedgerHashKind.Steps || step + 1 == StepCount || writtenStep is not null ? SafetensorsFile.Sha256(next) : "",
        });
        return new(record, "", writtenStep is { } written ? Capture(written) : null);
    }

    /// <summary>What beta was multiplied by in the step that made these weights: they hold it, where the spec lets beta be lowered.</summary>
    private double BetaScale(byte[][] weights)
    {
        if (Layout.Slots.FirstOrDefault(slot => slot.Name == BetaReductions.CountBuffer) is not { } slot)
            return 1;
        Span<float> reductions = [0];
        PartedVector.Read(weights, slot.Offset, MemoryMarshal.AsBytes(reductions));
        return BetaReductions.ScaleOf(_spec.Objective.Collapse, reductions[0]);
    }

    /// <summary>Puts weights in place for everybody, and forgets what came of the step.</summary>
    private void Publish(Published next)
    {
        // Every part's gate, in order: a push that is under way sees either the step before or the step after, never a mixture.
        foreach (var gate in _partGates)
            gate.Enter();
        _published = next;
        _suspect = null;
        _contributors.Clear();
        Array.ForEach(_trees, tree => tree.Clear());
        foreach (var gate in _partGates)
            gate.Exit();
    }

    private string? Refusal(GradientPart part)
    {
        if (part.Part < 0 || part.Part >= Layout.PartCount)
            return $"Part {part.Part} of a gradient that has {Layout.PartCount} parts.";
        if (!ReductionTree.IsNode(part.FirstShard, part.ShardCount, _schedule.Shards))
            return $"Shards {part.FirstShard} to {part.FirstShard + part.ShardCount - 1} are not a node of the tree over {_schedule.Shards} shards.";
        var bytes = 4L * Layout.PartAt(part.Part).Length;
        if (part.Payload.Length != bytes)
            return $"The payload has {part.Payload.Length} bytes; part {part.Part} of this model has {bytes}.";
        return null;
    }

    private static bool IsFinite(LossSums losses) => double.IsFinite(losses.Reconstruction) && double.IsFinite(losses.Kl);

    /// <summary>What the world sees, replaced as one.</summary>
    private sealed record Published(long Step, byte[][] Parts)
    {
        public static Published Of(ParameterLayout layout, ReadOnlySpan<float> initial)
        {
            ArgumentNullException.ThrowIfNull(layout);
            ArgumentOutOfRangeException.ThrowIfNotEqual(initial.Length, layout.Length);
            var parts = new byte[layout.PartCount][];
            for (var part = 0; part < parts.Length; part++)
            {
                var (start, length) = layout.PartAt(part);
                parts[part] = MemoryMarshal.AsBytes(initial.Slice(start, length)).ToArray();
            }
            return new(0, parts);
        }

        public static Published Of(Checkpoint checkpoint)
        {
            ArgumentNullException.ThrowIfNull(checkpoint);
            return new(checkpoint.State.Step, [.. checkpoint.State.Weights]);
        }
    }
}
