using VaeCluster.Contracts.Specs;
using VaeCluster.Data;
using VaeCluster.Data.Randomness;

namespace VaeCluster.Benchmarks.Workloads;

/// <summary>
/// What a trainer prepares for a step: which examples, their pixels as floats, and the noise. One thread, as in a trainer.
/// </summary>
internal sealed class DataPipeline : IWorkload
{
    public const string Name = "data";

    private readonly RunSpec _spec;
    private readonly Dataset _dataset;
    private readonly TrainingSchedule _schedule;
    private readonly float[] _pixels;
    private readonly float[] _noise;
    private long _step;

    /// <summary>Generates the data.</summary>
    public DataPipeline(WorkloadRequest request)
    {
        _spec = BenchmarkSpec.Create($"training.batch={request.Batch}", "training.shards=1");
        _dataset = DataSources.Open(_spec.Data);
        _schedule = new TrainingSchedule(_spec, BenchmarkSpec.Data);
        _pixels = new float[request.Batch * BenchmarkSpec.Data.Dimensions];
        _noise = new float[request.Batch * _spec.Model.Latent!.Value];
    }

    /// <inheritdoc/>
    public double CountPerTurn => _spec.Training.Batch;

    /// <inheritdoc/>
    public void Turn()
    {
        _dataset.CopyTrainingTo(_schedule.ExamplesOfBatch(_step, 0), _spec.Seed, _schedule.EpochOfBatch(_step), _pixels);
        new CounterRandom(_spec.Seed, RandomPurpose.TrainingNoise, _step).FillNormal(_noise);
        _step++;
    }
}
