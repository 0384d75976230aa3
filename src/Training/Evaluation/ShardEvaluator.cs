using System.Runtime.InteropServices;
using VaeCluster.Contracts.Runs;
using VaeCluster.Data;
using VaeCluster.Data.Randomness;
using VaeCluster.Training.Models;
using VaeCluster.Training.Objectives;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace VaeCluster.Training.Evaluation;

/// <summary>
/// Evaluates a VAE on shards of the held-out examples. Runs on its device's thread; the model is in evaluation mode with its weights in
/// place.
/// </summary>
internal sealed class ShardEvaluator
{
    private const int RowsMax = 250;

    /// <summary>Values of the examples that are encoded at once: 16 MiB of float32.</summary>
    private const int RowValuesMax = 1 << 22;

    private readonly Vae _model;
    private readonly ImportanceSampler _sampler;
    private readonly Dataset _dataset;
    private readonly DataDescription _data;
    private readonly long _seed;
    private readonly Device _device;

    // Examples that are encoded at once. It depends on the data alone, so that a shard is divided the same way wherever it is evaluated.
    private readonly int _rows;

    public ShardEvaluator(Vae model, Likelihood likelihood, Dataset dataset, DataDescription data, long seed, Device device)
    {
        _model = model;
        _dataset = dataset;
        _data = data;
        _seed = seed;
        _device = device;
        _sampler = new ImportanceSampler(model, likelihood, device);
        _rows = Math.Clamp(RowValuesMax / data.Dimensions, 1, RowsMax);
    }

    /// <summary>What the shard adds.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="shards">How many there are.</param>
    /// <param name="losses">Its terms of the ELBO.</param>
    /// <param name="samples">Importance samples per example; 0 leaves the likelihood out.</param>
    public ShardEvaluation Evaluate(int shard, int shards, LossSums losses, int samples)
    {
        var (start, count) = TrainingSchedule.Slice(_data.TestExamples, shard, shards);
        var sums = new PosteriorSums(_model.Latent);
        var likelihoods = (Sum: 0.0, Squares: 0.0);
        using var noGrad = no_grad();
        for (var first = 0; first < count; first += _rows)
        {
            using var scope = NewDisposeScope();
            var rows = Math.Min(_rows, count - first);
            var x = Examples(start + first, rows);
            var (mean, logVariance) = _model.Encode(x);
            sums.Add(ValuesOf(mean), ValuesOf(logVariance), start + first);
            for (var row = 0; samples > 0 && row < rows; row++)
            {
                // The stream is the example's, not the shard's.
                var random = new CounterRandom(_seed, RandomPurpose.ImportanceNoise, start + first + row);
                var value = _sampler.LogLikelihood(x.narrow(0, row, 1), mean.narrow(0, row, 1), logVariance.narrow(0, row, 1), samples, random);
                likelihoods = (likelihoods.Sum + value, likelihoods.Squares + (value * value));
            }
        }
        return sums.ToShard(shard, losses) with { LogLikelihood = likelihoods.Sum, LogLikelihoodSquares = likelihoods.Squares };
    }

    private Tensor Examples(int first, int rows)
    {
        var pixels = new float[rows * _data.Dimensions];
        _dataset.CopyTo([.. Enumerable.Range(first, rows).Select(example => _dataset.TestIndex(_data, example))], pixels);
        return _model.Range.FromUnit(tensor(pixels, [rows, _data.Dimensions]).to(_device));
    }

    private static float[] ValuesOf(Tensor values) => MemoryMarshal.Cast<byte, float>(values.contiguous().cpu().bytes).ToArray();

    /// <summary>Sums over posteriors, in double precision, one entry a latent dimension.</summary>
    private sealed class PosteriorSums(int latent)
    {
        private readonly double[] _kl = new double[latent];
        private readonly double[] _means = new double[latent];
        private readonly double[] _meanSquares = new double[latent];
        private readonly double[] _variances = new double[latent];
        private readonly List<float> _keptMeans = [];
        private readonly List<float> _keptLogVariances = [];

        public void Add(float[] means, float[] logVariances, int firstExample)
        {
            for (var i = 0; i < means.Length; i++)
            {
                var (mean, variance, dimension) = ((double)means[i], Math.Exp(logVariances[i]), i % latent);
                _kl[dimension] += 0.5 * ((mean * mean) + variance - 1 - logVariances[i]);
                _means[dimension] += mean;
                _meanSquares[dimension] += mean * mean;
                _variances[dimension] += variance;
            }
            var kept = latent * Math.Clamp(AggregatePosterior.ExamplesFor(latent) - firstExample, 0, means.Length / latent);
            _keptMeans.AddRange(means.AsSpan(0, kept));
            _keptLogVariances.AddRange(logVariances.AsSpan(0, kept));
        }

        public ShardEvaluation ToShard(int shard, LossSums losses) => new()
        {
            Shard = shard,
            Losses = losses,
            Kl = [.. _kl],
            Means = [.. _means],
            MeanSquares = [.. _meanSquares],
            Variances = [.. _variances],
            PosteriorMeans = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_keptMeans)).ToArray(),
            PosteriorLogVariances = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_keptLogVariances)).ToArray(),
        };
    }
}
