using VaeCluster.Contracts.Specs;
using VaeCluster.Data;
using VaeCluster.Data.Randomness;
using Device = TorchSharp.torch.Device;

namespace VaeCluster.Training.Workers;

/// <summary>The inputs of a model in host memory: the examples of a batch that a shard owns, and their noise. Neither depends on the weights.</summary>
internal sealed class StagedBatch : IDisposable
{
    private readonly RunSpec _spec;
    private readonly TrainingSchedule _schedule;
    private readonly Dataset _dataset;
    private readonly int _noiseOfExample;
    private (long Batch, int Shard, int Count) _staged = (-1, -1, 0);

    /// <summary>Memory for a number of examples.</summary>
    /// <param name="spec">The run's spec.</param>
    /// <param name="schedule">Which examples belong to which batch.</param>
    /// <param name="dataset">The examples.</param>
    /// <param name="device">Where the model is.</param>
    /// <param name="rows">The most examples at once.</param>
    /// <param name="samples">Draws of noise for each example.</param>
    /// <param name="latent">Values of a draw.</param>
    public StagedBatch(RunSpec spec, TrainingSchedule schedule, Dataset dataset, Device device, int rows, int samples, int latent)
    {
        _spec = spec;
        _schedule = schedule;
        _dataset = dataset;
        _noiseOfExample = samples * latent;
        Examples = new HostTensor(rows, dataset.Dimensions, device);
        Noise = new HostTensor(rows * samples, latent, device);
    }

    /// <summary>Examples, a row each. Whoever writes others here calls <see cref="Forget"/>.</summary>
    public HostTensor Examples { get; }

    /// <summary>Draws from the standard normal distribution: a first one for every example, then a second for every example.</summary>
    public HostTensor Noise { get; }

    /// <summary>Gathers a shard's examples of a batch and draws their noise, unless they are in place.</summary>
    /// <returns>How many examples there are.</returns>
    public int Gather(long batch, int shard)
    {
        if (_staged.Batch == batch && _staged.Shard == shard)
            return _staged.Count;
        var examples = _schedule.ExamplesOfBatch(batch, shard);
        _dataset.CopyTrainingTo(examples, _spec.Seed, _schedule.EpochOfBatch(batch), Examples.Values);
        new CounterRandom(_spec.Seed, RandomPurpose.TrainingNoise, batch, shard).FillNormal(Noise.Values[..(examples.Length * _noiseOfExample)]);
        _staged = (batch, shard, examples.Length);
        return examples.Length;
    }

    /// <summary>What is in place belongs to no batch.</summary>
    public void Forget() => _staged = (-1, -1, 0);

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        Examples.Dispose();
        Noise.Dispose();
    }
}
