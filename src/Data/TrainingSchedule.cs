using VaeCluster.Contracts.Runs;
using VaeCluster.Contracts.Specs;

namespace VaeCluster.Data;

/// <summary>
/// Which examples belong to which step and shard. Steps are counted from 0 here: step t is computed with the weights after t updates.
/// An epoch's last batch holds what is left, so every example of an epoch is used exactly once.
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
        (Shards, Epochs) = (spec.Training.Shards, spec.Training.Epochs);
        StepsPerEpoch = (_examples + _batch - 1) / _batch;
    }

    /// <summary>Data shards.</summary>
    public int Shards { get; }

    /// <summary>Epochs of the run.</summary>
    public int Epochs { get; }

    /// <summary>Steps in each epoch.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Steps of the run.</summary>
    public long StepCount => (long)StepsPerEpoch * Epochs;

    /// <summary>The epoch of a step, counted from 0.</summary>
    public int EpochOf(long step) => (int)(step / StepsPerEpoch);

    /// <summary>How many examples a step uses, over all shards.</summary>
    public int ExamplesOf(long step)
    {
        var start = (step % StepsPerEpoch) * _batch;
        return (int)Math.Min(_batch, _examples - start);
    }

    /// <summary>The positions in the epoch that a shard owns of a step: the shard-th slice of the batch.</summary>
    public (int Start, int Count) SliceOf(long step, int shard)
    {
        var start = (step % StepsPerEpoch) * _batch;
        var (offset, count) = Slice(ExamplesOf(step), shard, Shards);
        return ((int)start + offset, count);
    }

    /// <summary>The examples that a shard owns of a step, in order. Not for use from two threads at once.</summary>
    public int[] ExamplesOf(long step, int shard)
    {
        var epoch = EpochOf(step);
        if (_order is null || _orderEpoch != epoch)
        {
            _order = new KeyedPermutation(_seed, epoch, _examples);
            _orderEpoch = epoch;
        }
        var (start, count) = SliceOf(step, shard);
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
