using System.Collections.Concurrent;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Training.Data;
using VaeCluster.Training.Objectives;
using VaeCluster.Training.Optimizers;
using VaeCluster.Training.Reduction;

namespace VaeCluster.Training.Parameters;

/// <summary>
/// The arithmetic of a parameter server: it adds gradient blocks up along the canonical tree, and when every shard of the step is in,
/// applies the update. Weights are published as bytes that never change again; a step makes new ones.
/// Safe to use from many threads: blocks of different parts are added at the same time.
/// </summary>
public sealed class ParameterStore
{
    /// <summary>
    /// Floats that one thread updates at a time. Norms are summed a chunk at a time and then over the chunks in order, so this
    /// is part of the mathematics: never change it.
    /// </summary>
    private const int ChunkLength = 1 << 16;

    private readonly Lock _gate = new();
    private readonly RunSpec _spec;
    private readonly TrainingSchedule _schedule;
    private readonly LearningRateSchedule _learningRates;
    private readonly IUpdateRule _rule;
    private readonly float[][] _optimizerState;
    private readonly Lock[] _partGates;
    private readonly OrderablePartitioner<Chunk> _chunks;
    private readonly ReductionTree[] _trees;
    private byte[][] _weights;

    /// <summary>The store at step 0.</summary>
    /// <param name="spec">The complete spec.</param>
    /// <param name="data">What the data are.</param>
    /// <param name="layout">How the model's tensors lie.</param>
    /// <param name="initial">The flat vector of step 0.</param>
    public ParameterStore(RunSpec spec, DataDescription data, ParameterLayout layout, ReadOnlySpan<float> initial)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentOutOfRangeException.ThrowIfNotEqual(initial.Length, layout.Length);
        (_spec, Layout) = (spec, layout);
        _schedule = new TrainingSchedule(spec, data);
        _learningRates = new LearningRateSchedule(spec.Optimizer, _schedule.StepsPerEpoch, _schedule.StepCount);
        _rule = UpdateRules.For(spec.Optimizer);
        _optimizerState = [.. _rule.StateNames.Select(_ => new float[layout.ParameterLength])];
        _partGates = [.. Enumerable.Range(0, layout.PartCount).Select(_ => new Lock())];
        _chunks = Partitioner.Create(ChunksOf(layout), loadBalance: true);
        var pool = new BufferPool();
        _trees = [.. Enumerable.Range(0, layout.PartCount).Select(_ => new ReductionTree(_schedule.Shards, pool))];
        _weights = new byte[layout.PartCount][];
        for (var part = 0; part < layout.PartCount; part++)
        {
            var (start, length) = layout.PartAt(part);
            _weights[part] = MemoryMarshal.AsBytes(initial.Slice(start, length)).ToArray();
        }
    }

    /// <summary>How the model's tensors lie.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>Steps applied.</summary>
    public long Step { get; private set; }

    /// <summary>Steps of the whole run.</summary>
    public long StepCount => _schedule.StepCount;

    /// <summary>Whether every step was applied.</summary>
    public bool IsFinished => Step >= StepCount;

    /// <summary>The step and its weights, together. The bytes never change.</summary>
    public (long Step, IReadOnlyList<byte[]> Parts) Weights
    {
        get
        {
            lock (_gate)
                return (Step, _weights);
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
            return new(isNew ? PushOutcome.Accepted : PushOutcome.Duplicate);
        }
    }

    /// <summary>Applies the step if every shard of every part is in.</summary>
    /// <returns>What was measured; null when something is missing still.</returns>
    /// <exception cref="NonFiniteException">The gradient is not finite and the spec says to fail.</exception>
    public StepRecord? TryApplyStep()
    {
        lock (_gate)
        {
            var roots = Roots();
            return IsFinished || Array.Exists(roots, root => root is null) ? null : Apply(roots!);
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

    private StepRecord Apply(GradientBlock[] roots)
    {
        var losses = roots[0].Losses;
        var examples = _schedule.ExamplesOf(Step);
        var norm = GradientNorm(roots) / examples;
        var isFinite = double.IsFinite(norm) && double.IsFinite(losses.Reconstruction) && double.IsFinite(losses.Kl);
        if (!isFinite && _spec.Training.NonFinite == NonFiniteAction.Fail)
            throw new NonFiniteException(Step, losses, norm);

        var rate = _learningRates.At(Step);
        var next = isFinite ? Update(roots, examples, rate, norm) : _weights;
        var record = new StepRecord
        {
            Step = Step + 1,
            Losses = losses,
            Beta = BetaSchedule.At(_spec.Objective.Beta, Step),
            LearningRate = rate,
            GradientNorm = norm,
            Skipped = !isFinite,
        };
        Publish(next);
        return record;
    }

    private void Publish(byte[][] next)
    {
        // Every part's gate, in order: a push that is under way sees either the step before or the step after, never a mixture.
        foreach (var gate in _partGates)
            gate.Enter();
        _weights = next;
        Array.ForEach(_trees, tree => tree.Clear());
        Step++;
        foreach (var gate in _partGates)
            gate.Exit();
    }

    private byte[][] Update(GradientBlock[] roots, int examples, double rate, double norm)
    {
        var clip = _spec.Optimizer.ClipNorm > 0 && norm > _spec.Optimizer.ClipNorm ? _spec.Optimizer.ClipNorm / norm : 1;
        var step = new UpdateStep(Step + 1, rate, (float)(clip / examples));
        var next = _weights.Select(part => GC.AllocateUninitializedArray<byte>(part.Length)).ToArray();
        ForEachChunk((part, start, length) => UpdateChunk(step, examples, roots[part].Payload, part, start, length, next[part]));
        return next;
    }

    private void UpdateChunk(UpdateStep step, int examples, byte[] gradient, int part, int start, int length, byte[] next)
    {
        var inPart = start - Layout.PartAt(part).Start;
        var weights = MemoryMarshal.Cast<byte, float>(_weights[part]).Slice(inPart, length);
        var sums = MemoryMarshal.Cast<byte, float>(gradient).Slice(inPart, length);
        var target = MemoryMarshal.Cast<byte, float>(next.AsSpan()).Slice(inPart, length);
        var parameters = Math.Clamp(Layout.ParameterLength - start, 0, length);
        if (parameters > 0)
            _rule.Apply(step, weights[..parameters], sums[..parameters], _optimizerState, start, target[..parameters]);
        // A shard sends its running statistics times its examples: the mean over the examples is the new value.
        if (parameters < length)
            TensorPrimitives.Divide(sums[parameters..], (float)examples, target[parameters..]);
    }

    private double GradientNorm(GradientBlock[] roots)
    {
        var chunksPerPart = ParameterLayout.PartLengthMax / ChunkLength;
        var sums = new double[Layout.PartCount * chunksPerPart];
        ForEachChunk((part, start, length) =>
        {
            var inPart = start - Layout.PartAt(part).Start;
            var parameters = Math.Clamp(Layout.ParameterLength - start, 0, length);
            var gradient = MemoryMarshal.Cast<byte, float>(roots[part].Payload).Slice(inPart, parameters);
            sums[(part * chunksPerPart) + (inPart / ChunkLength)] = TensorPrimitives.SumOfSquares(gradient);
        });
        return Math.Sqrt(sums.Sum());
    }

    private void ForEachChunk(Action<int, int, int> body) =>
        Parallel.ForEach(_chunks, chunk => body(chunk.Part, chunk.Start, chunk.Length));

    private static List<Chunk> ChunksOf(ParameterLayout layout)
    {
        var chunks = new List<Chunk>();
        for (var part = 0; part < layout.PartCount; part++)
        {
            var (start, length) = layout.PartAt(part);
            for (var offset = 0; offset < length; offset += ChunkLength)
                chunks.Add(new(part, start + offset, Math.Min(ChunkLength, length - offset)));
        }
        return chunks;
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

    /// <summary>A range of the flat vector, within one part, in floats.</summary>
    private readonly record struct Chunk(int Part, int Start, int Length);
}
