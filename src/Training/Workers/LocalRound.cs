using System.Runtime.InteropServices;
using TorchSharp;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data;
using VaeCluster.Parameters.Architectures;
using VaeCluster.Parameters.Optimizers;
using VaeCluster.Parameters.Schedules;
using VaeCluster.Parameters.Store;
using VaeCluster.Parameters.Vectors;
using VaeCluster.Training.Models;
using VaeCluster.Training.Objectives;
using static TorchSharp.torch;

namespace VaeCluster.Training.Workers;

/// <summary>
/// The local steps of a shard between two exchanges (DiLoCo, Douillard et al. 2023). From the published weights the inner optimizer makes one step for each
/// batch of the round, with the shard's examples of it; a batch that has none for the shard is skipped. The outer gradient is the published weights
/// minus those that the shard came to. The inner optimizer's state begins with the published one or at zero, so the outer gradient is a function of what is
/// published, the step and the shard, and may be computed again anywhere.
/// </summary>
internal sealed class LocalRound
{
    private readonly TrainingSchedule _schedule;
    private readonly LearningRateSchedule _learningRates;
    private readonly ParameterLayout _layout;
    private readonly Tensor[] _tensors;
    private readonly int _parameterCount;
    private readonly Objective _objective;
    private readonly Func<long, int, (LossSums Losses, IList<Tensor> Gradients)> _differentiate;
    private readonly Lazy<InnerOptimizer> _optimizer;

    /// <summary>The published state of the inner optimizer; empty where it begins at zero.</summary>
    private readonly float[][] _publishedState;

    /// <summary>Rounds over the tensors of a model.</summary>
    /// <param name="spec">The run's spec.</param>
    /// <param name="schedule">Which examples belong to which batch.</param>
    /// <param name="layout">How the tensors lie.</param>
    /// <param name="tensors">The tensors on their device: parameters, then running statistics.</param>
    /// <param name="objective">Hears of the batches that are skipped.</param>
    /// <param name="differentiate">The losses and gradients of a batch and a shard, with the tensors as they are; it moves the running statistics.</param>
    public LocalRound(
        RunSpec spec,
        TrainingSchedule schedule,
        ParameterLayout layout,
        Tensor[] tensors,
        Objective objective,
        Func<long, int, (LossSums Losses, IList<Tensor> Gradients)> differentiate)
    {
        _schedule = schedule;
        _learningRates = new LearningRateSchedule(spec.Optimizer, schedule.BatchesPerEpoch, schedule.BatchCount);
        _layout = layout;
        _tensors = tensors;
        _parameterCount = layout.Slots.Count(slot => !slot.IsBuffer);
        _objective = objective;
        _differentiate = differentiate;
        _optimizer = new(() => new InnerOptimizer(spec.Optimizer, layout.ParameterLength));
        _publishedState = InnerState.IsPublished(spec)
            ? [.. InnerState.NamesOf(spec.Optimizer.Kind).Select(_ => new float[layout.ParameterLength])]
            : [];
    }

    /// <summary>Takes the published state of the inner optimizer from the parts of the published vector, where it has one.</summary>
    public void Load(IReadOnlyList<PartBuffer> parts)
    {
        for (var kind = 0; kind < _publishedState.Length; kind++)
            PartedVector.Read(parts, StateOffset(kind), MemoryMarshal.AsBytes(_publishedState[kind].AsSpan()));
    }

    /// <summary>
    /// Writes the outer gradient of a shard, and then what the shard's examples move the running statistics and the inner state to, all times the number of
    /// examples. The tensors are the published ones before and after.
    /// </summary>
    /// <returns>The losses, each with the weights of its local step, summed over the examples.</returns>
    public LossSums Compute(long step, int shard, PartBuffer[] payload, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        using var published = new PublishedTensors(_tensors);
        if (_publishedState.Length > 0)
            _optimizer.Value.Restore(_publishedState, _schedule.FirstBatchOf(step));
        else
            _optimizer.Value.Reset();
        var (sums, isFinite) = (new LossSums(0, 0, 0), true);
        var next = _schedule.FirstBatchOf(step + 1);
        for (var batch = _schedule.FirstBatchOf(step); batch < next; batch++)
        {
            // A round may take minutes, and a device that is released must not wait for its end.
            cancellationToken.ThrowIfCancellationRequested();
            using var batchScope = NewDisposeScope();
            var (losses, gradients) = _differentiate(batch, shard);
            if (losses.Examples == 0)
                _objective.SkipStep(batch);
            else
                // The losses of the other batches are still recorded after a gradient that is not finite.
                isFinite = isFinite && TryStep(batch, (int)losses.Examples, gradients);
            sums += losses;
        }
        Write(payload, published, sums.Examples);
        // The parameter server treats the outer gradient as it treats any that is not finite.
        if (!isFinite)
            Array.ForEach(payload, part => part.Values.Fill(float.NaN));
        return sums;
    }

    /// <summary>Makes a local step, unless its gradient is not finite.</summary>
    private bool TryStep(long batch, int examples, IList<Tensor> gradients)
    {
        Tensor[] onHost = [.. gradients.Select(gradient => gradient.contiguous().cpu())];
        var squares = 0.0;
        foreach (var gradient in onHost)
            squares += InnerOptimizer.SquaresOf(ValuesOf(gradient));
        var norm = Math.Sqrt(squares) / examples;
        if (!(norm <= StepDecider.GradientNormMax))
            return false;

        using var noGrad = no_grad();
        _optimizer.Value.Begin(_learningRates.At(batch), examples, norm);
        for (var i = 0; i < onHost.Length; i++)
        {
            var isOnHost = _tensors[i].device_type == DeviceType.CPU;
            var weights = isOnHost ? _tensors[i] : _tensors[i].cpu();
            _optimizer.Value.Apply(_layout.Slots[i].Offset, ValuesOf(weights), ValuesOf(onHost[i]));
            if (!isOnHost)
                _tensors[i].copy_(weights);
        }
        return true;
    }

    private void Write(PartBuffer[] payload, PublishedTensors published, long examples)
    {
        using var noGrad = no_grad();
        for (var i = 0; i < _tensors.Length; i++)
        {
            var values = i < _parameterCount ? published.Values[i] - _tensors[i] : _tensors[i];
            PartedVector.Write(payload, _layout.Slots[i].Offset, values.Times(examples).cpu().bytes);
        }
        for (var kind = 0; kind < _publishedState.Length; kind++)
        {
            var state = _optimizer.Value.TakeState(kind, examples);
            PartedVector.Write(payload, StateOffset(kind), MemoryMarshal.AsBytes(state.AsSpan()));
        }
    }

    /// <summary>Where a kind of the inner state begins in the flat vector, in floats: behind the model's tensors.</summary>
    private int StateOffset(int kind) => _layout.Length - ((_publishedState.Length - kind) * _layout.ParameterLength);

    private static Span<float> ValuesOf(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    /// <summary>A copy of the tensors as they are published, which it puts back in the end: the device's next shard starts from them too.</summary>
    private sealed class PublishedTensors : IDisposable
    {
        private readonly Tensor[] _tensors;

        public PublishedTensors(Tensor[] tensors)
        {
            _tensors = tensors;
            Values = Array.ConvertAll(tensors, values => values.detach().clone());
        }

        public Tensor[] Values { get; }

        public void Dispose()
        {
            using var noGrad = no_grad();
            for (var i = 0; i < _tensors.Length; i++)
                _tensors[i].copy_(Values[i]);
        }
    }
}
