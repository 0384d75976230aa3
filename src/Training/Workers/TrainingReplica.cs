using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Modules;
using VaeCluster.Contracts.ParameterServer;
using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;
using VaeCluster.Data;
using VaeCluster.Data.Randomness;
using VaeCluster.Parameters.Architectures;
using VaeCluster.Parameters.Vectors;
using VaeCluster.Training.Evaluation;
using VaeCluster.Training.Models;
using VaeCluster.Training.Objectives;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace VaeCluster.Training.Workers;

/// <summary>A model on a device, and the data it learns from. Everything here runs on the device's own thread.</summary>
internal sealed class TrainingReplica : IDisposable
{
    /// <summary>Held-out examples that are evaluated at once; part of the evaluation's noise, so never change it.</summary>
    private const int EvaluationBatch = 250;

    private readonly RunSpec _spec;
    private readonly DataDescription _data;
    private readonly Dataset _dataset;
    private readonly Device _device;
    private readonly TrainingSchedule _schedule;
    private readonly Likelihood _likelihood;
    private readonly Objective _objective;
    private readonly Autoencoder _model;
    private readonly Parameter[] _parameters;
    private readonly Tensor[] _statistics;
    private readonly Tensor[] _tensors;
    private readonly StagedBatch _staged;
    private readonly LocalRound _round;

    public TrainingReplica(RunSpec spec, DataDescription data, Dataset dataset, Device device)
    {
        _spec = spec;
        _data = data;
        _dataset = dataset;
        _device = device;
        _schedule = new TrainingSchedule(spec, data);
        _model = ModelFactory.Create(spec, data);
        _model.to(device);
        _likelihood = Likelihood.For(spec.Objective, _model.LogScale);
        _objective = Objective.For(spec.Objective, _model);
        Layout = ModelLayout.Of(spec, data);
        _parameters = [.. _model.named_parameters().Select(named => named.Item2)];
        _statistics = [.. ModelFactory.RunningStatistics(_model).Select(named => named.Values)];
        _tensors = [.. _parameters, .. _statistics];
        var rows = (spec.Training.Batch + spec.Training.Shards - 1) / spec.Training.Shards;
        _staged = new StagedBatch(spec, _schedule, dataset, device, Math.Max(EvaluationBatch, rows), _objective.Samples, _model.Latent);
        _round = new LocalRound(spec, _schedule, Layout, _tensors, _objective, Differentiate);
    }

    public ParameterLayout Layout { get; }

    /// <summary>Puts weights in place.</summary>
    public void Load(WeightsSnapshot weights)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        _round.Load(weights.Parts);
        foreach (var (slot, tensor) in Layout.Slots.Zip(_tensors))
        {
            if (_device.type == DeviceType.CPU)
            {
                PartedVector.Read(weights.Parts, slot.Offset, tensor.bytes);
                continue;
            }
            var host = empty([.. slot.Shape]);
            PartedVector.Read(weights.Parts, slot.Offset, host.bytes);
            tensor.copy_(host);
        }
    }

    /// <summary>Gathers the examples and draws the noise of a shard's first batch ahead of time: neither depends on the weights.</summary>
    public void Stage(long step, int shard) => _staged.Gather(_schedule.FirstBatchOf(step), shard);

    /// <summary>
    /// The gradient of a shard: of the objective, summed over the shard's examples, with the weights in place. With local steps it is the outer gradient,
    /// times the examples. One block a part; the caller owns the payloads.
    /// </summary>
    public GradientBlock[] Compute(long step, int shard, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var payload = PartedVector.Rent(Layout);
        var losses = _schedule.LocalSteps > 1 ? _round.Compute(step, shard, payload, cancellationToken) : Compute(step, shard, payload);
        return
        [
            .. payload.Select((part, index) => new GradientBlock
            {
                Step = step,
                FirstShard = shard,
                ShardCount = 1,
                Part = index,
                Losses = losses,
                Payload = part,
            }),
        ];
    }

    /// <summary>Writes the gradient of a batch's examples, and then what they move the running statistics to, times their number.</summary>
    private LossSums Compute(long batch, int shard, PartBuffer[] payload)
    {
        using var scope = NewDisposeScope();
        var before = Array.ConvertAll(_statistics, values => values.clone());
        var (losses, gradients) = Differentiate(batch, shard);
        if (losses.Examples == 0)
        {
            foreach (var part in payload)
                part.Bytes.Clear();
            return losses;
        }

        for (var i = 0; i < gradients.Count; i++)
            PartedVector.Write(payload, Layout.Slots[i].Offset, gradients[i].contiguous().cpu().bytes);
        for (var i = gradients.Count; i < _tensors.Length; i++)
            PartedVector.Write(payload, Layout.Slots[i].Offset, _tensors[i].Times(losses.Examples).cpu().bytes);
        Restore(before);
        return losses;
    }

    /// <summary>
    /// The loss terms of a shard's examples of a batch, and the gradient of each parameter, summed over them; the running statistics move. None, and
    /// nothing moves, where the shard has no examples of the batch. The caller's dispose scope owns the gradients.
    /// </summary>
    private (LossSums Losses, IList<Tensor> Gradients) Differentiate(long batch, int shard)
    {
        var count = _staged.Gather(batch, shard);
        if (count == 0)
            return (new LossSums(0, 0, 0), []);
        using var scope = NewDisposeScope();
        _model.train();
        var terms = _objective.Train(Examples(count), _staged.Noise.On(_device, count * _objective.Samples), batch);
        var gradients = autograd.grad([terms.Total], _parameters);
        foreach (var gradient in gradients)
            gradient.MoveToOuterDisposeScope();
        return (new LossSums(count, terms.Reconstruction.ToNumber(), terms.Regularization.ToNumber()), gradients);
    }

    /// <summary>The loss terms of a shard's held-out examples, one draw of z each, with the weights in place.</summary>
    private LossSums LossesOf(int shard)
    {
        _staged.Forget();
        var (start, count) = TrainingSchedule.Slice(_data.TestExamples, shard, _schedule.Shards);
        var noise = new CounterRandom(_spec.Seed, RandomPurpose.EvaluationNoise, 0, shard);
        var draws = new float[count * _model.Latent];
        noise.FillNormal(draws);

        using var noGrad = no_grad();
        _model.eval();
        var sums = new LossSums(0, 0, 0);
        for (var first = 0; first < count; first += EvaluationBatch)
        {
            var rows = Math.Min(EvaluationBatch, count - first);
            _dataset.CopyTo(TestIndices(start + first, rows), _staged.Examples.Values);
            draws.AsSpan(first * _model.Latent, rows * _model.Latent).CopyTo(_staged.Noise.Values);
            sums += EvaluateRows(rows);
        }
        return sums;
    }

    /// <summary>All that a shard of the held-out examples adds to an evaluation, with the weights in place.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="samples">Importance samples per example; 0 leaves the likelihood out.</param>
    public ShardEvaluation EvaluateShard(int shard, int samples)
    {
        var losses = LossesOf(shard);
        return _model is Vae vae
            ? new ShardEvaluator(vae, _likelihood, _dataset, _data, _spec.Seed, _device).Evaluate(shard, _schedule.Shards, losses, samples)
            : new ShardEvaluation { Shard = shard, Losses = losses };
    }

    /// <summary>Means of p(x|z) at codes drawn as the model's prior has them: rows of values in [0, 1].</summary>
    public float[] Sample(int count)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        _model.eval();
        var z = _model.DrawCodes(new CounterRandom(_spec.Seed, RandomPurpose.Samples, 0), count).to(_device);
        return Pixels(z, _model.Decode);
    }

    /// <summary>Held-out examples (or training ones, where none are held out) and what comes back through the posterior's mean.</summary>
    public (float[] Originals, float[] Reconstructions) Reconstruct(int count)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        _model.eval();
        var available = _data.TestExamples > 0 ? _data.TestExamples : _data.TrainExamples;
        var shown = Math.Min(count, available);
        var originals = new float[shown * _data.Dimensions];
        _dataset.CopyTo(_data.TestExamples > 0 ? TestIndices(0, shown) : [.. Enumerable.Range(0, shown)], originals);
        var x = tensor(originals, [shown, _data.Dimensions]).to(_device);
        return (originals, Pixels(x, rows => _model.forward(_model.Range.FromUnit(rows))));
    }

    public void Dispose()
    {
        _model.Dispose();
        _staged.Dispose();
    }

    private LossSums EvaluateRows(int rows)
    {
        using var scope = NewDisposeScope();
        var terms = _objective.Evaluate(Examples(rows), _staged.Noise.On(_device, rows));
        return new(rows, terms.Reconstruction.ToNumber(), terms.Regularization.ToNumber());
    }

    /// <summary>The first gathered examples, on the device, in the model's range.</summary>
    private Tensor Examples(int rows) => _model.Range.FromUnit(_staged.Examples.On(_device, rows));

    /// <summary>What a decoder's output shows, rows of values in [0, 1]; no more rows at once than when it is evaluated.</summary>
    private float[] Pixels(Tensor input, Func<Tensor, Tensor> decode)
    {
        var count = (int)input.shape[0];
        var pixels = new float[count * _data.Dimensions];
        for (var first = 0; first < count; first += EvaluationBatch)
        {
            using var scope = NewDisposeScope();
            var output = decode(input.narrow(0, first, Math.Min(EvaluationBatch, count - first)));
            ToArray(_model.Range.ToUnit(_likelihood.Mean(output))).CopyTo(pixels, first * _data.Dimensions);
        }
        return pixels;
    }

    /// <summary>Puts running statistics back: each shard moves them from those of the step, whichever shards came before it on this device.</summary>
    private void Restore(Tensor[] statistics)
    {
        using var noGrad = no_grad();
        for (var i = 0; i < statistics.Length; i++)
            _statistics[i].copy_(statistics[i]);
    }

    private int[] TestIndices(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(example => _dataset.TestIndex(_data, example))];

    private static float[] ToArray(Tensor values) => MemoryMarshal.Cast<byte, float>(values.contiguous().cpu().bytes).ToArray();
}
