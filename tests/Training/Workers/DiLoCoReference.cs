using TorchSharp.Modules;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data;
using VaeCluster.Data.Randomness;
using VaeCluster.Parameters.Schedules;
using VaeCluster.Parameters.Vectors;
using VaeCluster.Training.Models;
using VaeCluster.Training.Objectives;
using static TorchSharp.torch;

namespace VaeCluster.Tests.Training.Workers;

/// <summary>
/// Algorithm 1 of DiLoCo (Douillard et al. 2023) as one would write it in PyTorch: for each shard an inner optimizer and a loop over the batches, then the
/// mean over the shards, then the outer step. It shares models, objectives, examples and noise with the product, and nothing that averages, steps or counts.
/// </summary>
internal sealed class DiLoCoReference : IDisposable
{
    private readonly RunSpec _spec;
    private readonly DataDescription _data;
    private readonly Dataset _dataset;
    private readonly Autoencoder _model;
    private readonly Objective _objective;
    private readonly Tensor[] _tensors;
    private readonly Parameter[] _parameters;
    private readonly Dictionary<int, Tensor> _velocity = [];

    /// <summary>The mean of the shards' inner states after the last exchange, in the order of the flat vector: a kind after the other.</summary>
    private Tensor[] _state;

    public DiLoCoReference(RunSpec spec, DataDescription data)
    {
        set_num_threads(1);
        _spec = spec;
        _data = data;
        _dataset = RunData.Open(spec.Data, data, null);
        _model = ModelFactory.Create(spec, data);
        _objective = Objective.For(spec.Objective, _model);
        _parameters = [.. _model.parameters()];
        _state = [.. _parameters.Concat(spec.Optimizer.Kind == OptimizerKind.Sgd ? [] : _parameters).Select(values => zeros_like(values).DetachFromDisposeScope())];
        _tensors = [.. _parameters, .. ModelFactory.RunningStatistics(_model).Select(named => named.Values)];
        var layout = ModelFactory.LayoutOf(_model);
        var initial = WeightInitializer.Initialize(layout, spec.Seed);
        using var noGrad = no_grad();
        foreach (var (slot, values) in layout.Slots.Zip(_tensors))
            values.copy_(tensor(initial[slot.Offset..(slot.Offset + slot.Length)], [.. slot.Shape]));
    }

    /// <summary>Trains to the end.</summary>
    /// <returns>The reconstruction term of each exchange, summed over its examples.</returns>
    public List<double> Train()
    {
        var losses = new List<double>();
        for (var epoch = 0; epoch < _spec.Training.Epochs; epoch++)
        {
            var batches = Batches();
            foreach (var round in Enumerable.Range(0, batches.Count).Chunk(_spec.Training.LocalSteps))
                losses.Add(Exchange(epoch, batches, round));
        }
        return losses;
    }

    /// <summary>The largest difference of a value that is published.</summary>
    public double Distance(WeightsSnapshot weights)
    {
        var others = weights.Parts.SelectMany(part => part.Values.ToArray());
        var published = IsReset ? _tensors : [.. _tensors, .. _state];
        var own = published.SelectMany(values => values.detach().contiguous().data<float>().ToArray());
        return own.Zip(others, (left, right) => Math.Abs((double)left - right)).Max();
    }

    private bool IsReset => _spec.Optimizer.Outer.InnerState == InnerStateKind.Reset;

    public void Dispose() => _model.Dispose();

    /// <summary>The positions of each batch of an epoch.</summary>
    private List<int[]> Batches() => [.. Enumerable.Range(0, _data.TrainExamples).Chunk(_spec.Training.Batch)];

    private double Exchange(int epoch, List<int[]> batches, int[] round)
    {
        using var scope = NewDisposeScope();
        var published = Array.ConvertAll(_tensors, values => values.detach().clone());
        var sums = Array.ConvertAll(_tensors, values => zeros_like(values));
        var states = Array.ConvertAll(_state, values => zeros_like(values));
        var (examples, loss) = (0, 0.0);
        for (var shard = 0; shard < _spec.Training.Shards; shard++)
        {
            var state = Array.ConvertAll(_state, values => IsReset ? zeros_like(values) : values.clone());
            var (own, ownLoss) = TrainShard(epoch, batches, round, shard, state);
            using var noGrad = no_grad();
            for (var i = 0; i < _tensors.Length; i++)
            {
                sums[i] += _tensors[i].detach() * own;
                _tensors[i].copy_(published[i]);
            }
            for (var i = 0; i < state.Length; i++)
                states[i] += state[i] * own;
            examples += own;
            loss += ownLoss;
        }
        Update(published, Array.ConvertAll(sums, sum => sum / examples));
        _state = Array.ConvertAll(states, state => (state / examples).DetachFromDisposeScope());
        return loss;
    }

    private (int Examples, double Loss) TrainShard(int epoch, List<int[]> batches, int[] round, int shard, Tensor[] state)
    {
        var (examples, loss) = (0, 0.0);
        // A published state is that of all batches before; the first one of a round that has none for the shard counts as no update.
        var updates = IsReset ? 0 : ((long)epoch * batches.Count) + round[0];
        foreach (var index in round)
        {
            var (batch, size) = (((long)epoch * batches.Count) + index, batches[index].Length);
            var (start, end) = (size * shard / _spec.Training.Shards, size * (shard + 1) / _spec.Training.Shards);
            if (start == end)
                continue;
            using var scope = NewDisposeScope();
            _model.train();
            _model.zero_grad();
            var terms = _objective.Train(Examples(epoch, batches[index][start..end]), Noise(batch, shard, end - start), batch);
            (terms.Total / (end - start)).backward();
            if (_spec.Optimizer.ClipNorm > 0)
                nn.utils.clip_grad_norm_(_parameters, _spec.Optimizer.ClipNorm);
            Step(state, ++updates, new LearningRateSchedule(_spec.Optimizer, batches.Count, (long)batches.Count * _spec.Training.Epochs).At(batch));
            examples += end - start;
            loss += terms.Reconstruction.item<float>();
        }
        return (examples, loss);
    }

    /// <summary>One step of the inner optimizer, as PyTorch's documentation has it.</summary>
    private void Step(Tensor[] state, long updates, double rate)
    {
        using var noGrad = no_grad();
        var (spec, count) = (_spec.Optimizer, _parameters.Length);
        for (var i = 0; i < count; i++)
        {
            var (w, g) = ((Tensor)_parameters[i], _parameters[i].grad!);
            if (spec.Kind == OptimizerKind.Adamw)
                w.mul_(1 - (rate * spec.WeightDecay));
            else
                g = g + (w * spec.WeightDecay);
            if (spec.Kind == OptimizerKind.Sgd)
            {
                state[i].mul_(spec.Momentum).add_(g);
                w.sub_(state[i] * rate);
                continue;
            }
            state[i].mul_(spec.Beta1).add_(g * (1 - spec.Beta1));
            state[count + i].mul_(spec.Beta2).add_(g * g * (1 - spec.Beta2));
            var (mean, variance) = (state[i] / (1 - Math.Pow(spec.Beta1, updates)), state[count + i] / (1 - Math.Pow(spec.Beta2, updates)));
            w.sub_(mean / (variance.sqrt() + spec.Epsilon) * rate);
        }
    }

    private void Update(Tensor[] published, Tensor[] mean)
    {
        using var noGrad = no_grad();
        var outer = _spec.Optimizer.Outer;
        for (var i = 0; i < _tensors.Length; i++)
        {
            if (i >= _parameters.Length)
            {
                _tensors[i].copy_(mean[i]);
                continue;
            }
            var gradient = published[i] - mean[i];
            var velocity = _velocity.TryGetValue(i, out var before) ? (before * outer.Momentum) + gradient : gradient;
            _velocity[i] = velocity.DetachFromDisposeScope();
            var direction = outer.Kind == OuterOptimizerKind.Nesterov ? gradient + (velocity * outer.Momentum) : velocity;
            _tensors[i].copy_(published[i] - (direction * outer.LearningRate));
        }
    }

    private Tensor Examples(int epoch, int[] positions)
    {
        var order = new KeyedPermutation(_spec.Seed, epoch, _data.TrainExamples);
        var pixels = new float[positions.Length * _data.Dimensions];
        _dataset.CopyTrainingTo([.. positions.Select(position => order[position])], _spec.Seed, epoch, pixels);
        return _model.Range.FromUnit(tensor(pixels, [positions.Length, _data.Dimensions]));
    }

    private Tensor Noise(long batch, int shard, int examples)
    {
        var values = new float[examples * _objective.Samples * _model.Latent];
        new CounterRandom(_spec.Seed, RandomPurpose.TrainingNoise, batch, shard).FillNormal(values);
        return tensor(values, [examples * _objective.Samples, _model.Latent]);
    }
}
