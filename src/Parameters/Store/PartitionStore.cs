using System.Collections.Immutable;
using System.Runtime.InteropServices;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data;
using VaeCluster.Parameters.Checkpoints;
using VaeCluster.Parameters.Compression;
using VaeCluster.Parameters.Optimizers;
using VaeCluster.Parameters.Vectors;

namespace VaeCluster.Parameters.Store;

/// <summary>
/// A range of the weights and of the optimizer's state. It adds gradient blocks up along the canonical tree, and applies a step when the decision about it is
/// made, which takes the gradients of all ranges. Weights are published as a snapshot that never changes; a step makes another one.
/// Safe to use from many threads: blocks of different parts are added at the same time.
/// </summary>
public sealed class PartitionStore
{
    /// <summary>Held while a step is applied; whoever only reads the weights need not wait for it.</summary>
    private readonly Lock _applying = new();
    private readonly WeightUpdate _update;
    private readonly GradientCompression _compression;
    private readonly StepReduction _reduction;
    private readonly long _stepCount;
    private volatile WeightsSnapshot _published;

    /// <summary>The current step's gradient, once it is complete; guarded by the lock of applying.</summary>
    private ReducedGradient? _reduced;

    /// <summary>The same as float32, part by part; guarded by the lock of applying.</summary>
    private PartBuffer[] _gradient = [];

    /// <summary>Which attempt at the current step is under way, counted from 0; guarded by the lock of applying.</summary>
    private int _attempt;

    /// <summary>A range as it was when a state of it was captured.</summary>
    /// <param name="spec">The complete spec.</param>
    /// <param name="data">What the data are.</param>
    /// <param name="layout">How the model's tensors lie.</param>
    /// <param name="range">The parts.</param>
    /// <param name="state">The state of the range.</param>
    public PartitionStore(RunSpec spec, DataDescription data, ParameterLayout layout, PartRange range, TrainingState state)
        : this(spec, data, layout, range, Weights(spec, data, layout, range, state)) =>
        _update.Restore(state.Updates, state.Optimizer);

    /// <summary>A range before the first update.</summary>
    /// <param name="spec">The complete spec.</param>
    /// <param name="data">What the data are.</param>
    /// <param name="layout">How the model's tensors lie.</param>
    /// <param name="range">The parts.</param>
    /// <param name="weights">The parts' weights, which it takes over.</param>
    internal PartitionStore(RunSpec spec, DataDescription data, ParameterLayout layout, PartRange range, WeightsSnapshot weights)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var schedule = new TrainingSchedule(spec, data);
        Layout = layout;
        Range = range;
        _stepCount = schedule.StepCount;
        _published = weights;
        _update = new WeightUpdate(spec, layout, range);
        _compression = new GradientCompression(spec, layout);
        _reduction = new StepReduction(layout, range, schedule.Shards, _compression, () => _published);
    }

    /// <summary>How the model's tensors lie.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>The parts of the flat vector.</summary>
    public PartRange Range { get; }

    /// <summary>Steps applied.</summary>
    public long Step => _published.Step;

    /// <summary>Whether every step was applied.</summary>
    public bool IsFinished => Step >= _stepCount;

    /// <summary>The newest weights of the range. The caller disposes them; until then nobody writes to their memory.</summary>
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

    /// <summary>The current step's gradient over all shards; null while something is missing, or when every step was applied.</summary>
    public ReducedGradient? TryReduce()
    {
        lock (_applying)
        {
            if (_reduced is not null || IsFinished)
                return _reduced;
            var roots = _reduction.Roots();
            if (Array.Exists(roots, root => root is null))
                return null;
            _gradient = [.. roots.Select((root, part) => _compression.Decode(root!, _published.ScalesOf(part)))];
            _reduced = new(Step, _attempt, roots[0]!.Losses, roots[0]!.Contributors, _reduction.Suspect, _update.SquareSums(_gradient));
            return _reduced;
        }
    }

    /// <summary>Carries a decision about the current step out.</summary>
    /// <returns>Whether it was about the gradient that is complete here; nothing happens where it was not.</returns>
    public bool Apply(StepDecision decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        lock (_applying)
        {
            if (_reduced is not { } reduced || reduced.Step != decision.Step || reduced.Attempt != decision.Attempt)
                return false;
            switch (decision.Verdict)
            {
                case StepVerdict.Repeat:
                    RestartStep(decision.NextAttempt);
                    return true;
                case StepVerdict.Apply:
                    Publish(new(Step + 1, Step + 1 >= _stepCount, Update(decision)) { Scales = NextScales() }, attempt: 0);
                    return true;
                case StepVerdict.Skip:
                    Publish(new(Step + 1, Step + 1 >= _stepCount, Keep()) { Scales = _published.Scales }, attempt: 0);
                    return true;
                default:
                    return false;
            }
        }
    }

    /// <summary>Forgets what came of the current step: every shard has to be offered again.</summary>
    /// <param name="attempt">Which attempt at the step begins.</param>
    public void RestartStep(int attempt)
    {
        lock (_applying)
            Publish(_published, attempt);
    }

    /// <summary>A copy of the range's state after the last applied step.</summary>
    public TrainingState Capture()
    {
        lock (_applying)
        {
            return new()
            {
                Step = Step,
                Updates = _update.Number,
                Weights = _published.ToArrays(),
                Optimizer = _update.CopyState(),
                Scales = GradientScales.ToBytes(_published.Scales),
            };
        }
    }

    /// <summary>The first value of a running statistic; null where the range does not hold it.</summary>
    /// <param name="buffer">Its name.</param>
    public float? ReadBuffer(string buffer)
    {
        var (start, length) = Range.In(Layout);
        if (Layout.Slots.FirstOrDefault(slot => slot.Name == buffer) is not { } slot || slot.Offset < start || slot.Offset >= start + length)
            return null;
        using var weights = AcquireWeights();
        Span<float> values = [0];
        PartedVector.Read(weights.Parts, slot.Offset - start, MemoryMarshal.AsBytes(values));
        return values[0];
    }

    private PartBuffer[] Update(StepDecision decision) =>
        _update.Apply(_published.Parts, _gradient, decision.Examples, decision.LearningRate, decision.GradientNorm);

    private ImmutableArray<float>[] NextScales() =>
        [.. _gradient.Select((gradient, part) => _compression.Scales.Next(Range.First + part, gradient, _published.ScalesOf(part)))];

    private PartBuffer[] Keep() => [.. _published.Parts.Select(part => part.Retain())];

    /// <summary>Puts weights in place for everybody, and clears what was added up for the step.</summary>
    private void Publish(WeightsSnapshot next, int attempt)
    {
        var before = _published;
        _reduction.Restart(() => _published = next);
        Array.ForEach(_gradient, part => part.Release());
        _gradient = [];
        _reduced = null;
        _attempt = attempt;
        if (before != next)
            before.Dispose();
    }

    private static WeightsSnapshot Weights(RunSpec spec, DataDescription data, ParameterLayout layout, PartRange range, TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var isFinal = state.Step >= new TrainingSchedule(spec, data).StepCount;
        return WeightsSnapshot.Wrap(state.Step, isFinal, state.Weights, new GradientCompression(spec, layout).Scales.Parse(range, state.Scales));
    }
}
