using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;

namespace VaeCluster.Data;

/// <summary>
/// Which examples belong to which step and shard. A step of the run is one exchange with the parameter server: step t is computed with the weights
/// after t updates. It takes as many consecutive batches as the spec has local steps, each of which a shard uses in one local step; without local
/// steps that is one batch. Steps and batches are counted from 0, over the whole run. An epoch's last batch and its last step hold what is left, so
/// every example of an epoch is used exactly once.
/// </summary>
public sealed class TrainingSchedule
{
    private readonly long _seed;
    private readonly int _batch;
    private readonly int _examples;
    private KeyedPermutation? _order;
    private long _orderEpoch = -1;

    /// <summary>The schedule of a run.</summary>
    public TrainingSchedule(RunSpec spec, DataDescription data)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(data);
        _seed = spec.Seed;
        _batch = spec.Training.Batch;
        _examples = data.TrainExamples;
        Shards = spec.Training.Shards;
        Epochs = spec.Training.Epochs;
        LocalSteps = spec.Training.LocalSteps;
        BatchesPerEpoch = (_examples + _batch - 1) / _batch;
        StepsPerEpoch = (BatchesPerEpoch + LocalSteps - 1) / LocalSteps;
    }

    /// <summary>Data shards.</summary>
    public int Shards { get; }

    /// <summary>Epochs of the run.</summary>
    public int Epochs { get; }

    /// <summary>The most batches that a step takes.</summary>
    public int LocalSteps { get; }

    /// <summary>Batches in each epoch.</summary>
    public int BatchesPerEpoch { get; }

    /// <summary>Batches of the run.</summary>
    public long BatchCount => (long)BatchesPerEpoch * Epochs;

    /// <summary>Steps in each epoch.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Steps of the run.</summary>
    public long StepCount => (long)StepsPerEpoch * Epochs;

    /// <summary>The epoch of a step, counted from 0.</summary>
    public int EpochOf(long step) => (int)(step / StepsPerEpoch);

    /// <summary>The first batch of a step. Those up to the first batch of the next step belong to it.</summary>
    public long FirstBatchOf(long step) => (step / StepsPerEpoch * BatchesPerEpoch) + (step % StepsPerEpoch * LocalSteps);

    /// <summary>The last batch of a step, whose learning rate and beta are recorded of it.</summary>
    public long LastBatchOf(long step) => FirstBatchOf(step + 1) - 1;

    /// <summary>How many batches a step takes: the local steps of the spec, and at the end of an epoch what is left.</summary>
    public int BatchesOf(long step) => (int)(FirstBatchOf(step + 1) - FirstBatchOf(step));

    /// <summary>How many examples a step uses, over all its batches and shards.</summary>
    public int ExamplesOf(long step)
    {
        var start = step % StepsPerEpoch * LocalSteps * _batch;
        return (int)Math.Min((long)LocalSteps * _batch, _examples - start);
    }

    /// <summary>The positions in the epoch that a shard owns of a step, a range for each batch.</summary>
    public IReadOnlyList<(int Start, int Count)> SlicesOf(long step, int shard)
    {
        var first = FirstBatchOf(step);
        return [.. Enumerable.Range(0, BatchesOf(step)).Select(batch => SliceOfBatch(first + batch, shard))];
    }

    /// <summary>The positions in the epoch that a shard owns of a batch: the shard-th slice. The last batch of an epoch may have none for it.</summary>
    public (int Start, int Count) SliceOfBatch(long batch, int shard)
    {
        var start = (int)(batch % BatchesPerEpoch * _batch);
        var (offset, count) = Slice(Math.Min(_batch, _examples - start), shard, Shards);
        return (start + offset, count);
    }

    /// <summary>The epoch of a batch, counted from 0.</summary>
    public int EpochOfBatch(long batch) => (int)(batch / BatchesPerEpoch);

    /// <summary>The examples that a shard owns of a batch, in order. Not for use from two threads at once.</summary>
    public int[] ExamplesOfBatch(long batch, int shard)
    {
        var epoch = EpochOfBatch(batch);
        if (_order is null || _orderEpoch != epoch)
        {
            _order = new KeyedPermutation(_seed, epoch, _examples);
            _orderEpoch = epoch;
        }
        var (start, count) = SliceOfBatch(batch, shard);
        var examples = new int[count];
        for (var i = 0; i < count; i++)
            examples[i] = _order[start + i];
        return examples;
    }

    /// <summary>The part-th of a number of nearly equal slices of a count.</summary>
    public static (int Start, int Count) Slice(int count, int part, int parts)
    {
        var start = (int)((long)count * part / parts);
        return (start, (int)((long)count * (part + 1) / parts) - start);
    }
}
