using System.Collections;
using VaeCluster.Data;

namespace VaeCluster.Grains.Ledger;

/// <summary>
/// Proves that each epoch uses each example exactly once. It goes by the ranges that the ledger states, and by the order that it computes
/// anew from the seed: which example stands at a position is nothing that a ledger could claim.
/// </summary>
internal sealed class EpochCheck
{
    private readonly long _seed;
    private readonly int _examples;
    private readonly int _stepsPerEpoch;
    private readonly TrainingSchedule _schedule;
    private readonly long _originStep;
    private readonly LedgerFindings _findings;
    private readonly BitArray _used;
    private KeyedPermutation? _order;
    private int _epoch = -1;
    private long _lastStep;
    private bool _isClean;

    /// <summary>A check of a ledger whose first step is the one after <paramref name="originStep"/>.</summary>
    public EpochCheck(long seed, int examples, TrainingSchedule schedule, long originStep, LedgerFindings findings)
    {
        (_seed, _examples, _stepsPerEpoch, _findings, _used) = (seed, examples, schedule.StepsPerEpoch, findings, new BitArray(examples));
        (_schedule, _originStep) = (schedule, originStep);
    }

    /// <summary>Epochs that used each example exactly once. One that another run began is not among them: its ledger has the other part.</summary>
    public int Proven { get; private set; }

    /// <summary>Takes the next line of the ledger.</summary>
    public void Take(long line, LedgerStep step)
    {
        var epoch = (int)((step.Step - 1) / _stepsPerEpoch);
        // A line from an epoch that is over stands where it must not, and is reported for that.
        if (epoch < _epoch)
            return;
        if (epoch > _epoch)
            Begin(epoch);
        _lastStep = Math.Max(_lastStep, step.Step);
        var (again, first) = (0, -1);
        foreach (var range in step.Blocks.SelectMany(block => block.Shards))
        {
            for (long position = Math.Max(0, range.First), end = Math.Min(_examples, (long)range.First + range.Count); position < end; position++)
            {
                var example = _order![(int)position];
                if (_used[example])
                    (again, first) = (again + 1, first < 0 ? example : first);
                _used[example] = true;
            }
        }
        if (again == 0)
            return;
        _isClean = false;
        _findings.Add(
            line,
            step.Step,
            "the use of the examples",
            $"{again} that epoch {epoch + 1} has used already, example {first} the first",
            "each example once in an epoch");
    }

    /// <summary>Closes the epoch that is open, if its last step was there.</summary>
    public void End()
    {
        if (_epoch >= 0 && _lastStep == (long)(_epoch + 1) * _stepsPerEpoch)
            Close();
    }

    private void Begin(int epoch)
    {
        if (_epoch >= 0)
            Close();
        _used.SetAll(false);
        (_epoch, _order, _isClean) = (epoch, new KeyedPermutation(_seed, epoch, _examples), true);
        // Of an epoch that another run began, the examples of its steps count as used.
        for (var step = (long)epoch * _stepsPerEpoch; step < _originStep; step++)
        {
            for (var shard = 0; shard < _schedule.Shards; shard++)
            {
                foreach (var (start, count) in _schedule.SlicesOf(step, shard))
                {
                    for (var position = start; position < start + count; position++)
                        _used[_order[position]] = true;
                }
            }
        }
    }

    private void Close()
    {
        if (_used.HasAllSet())
        {
            Proven += _isClean && (long)_epoch * _stepsPerEpoch >= _originStep ? 1 : 0;
            return;
        }
        var (unused, first) = (0, -1);
        for (var example = 0; example < _examples; example++)
        {
            if (!_used[example])
                (unused, first) = (unused + 1, first < 0 ? example : first);
        }
        _findings.Add(0, 0, $"epoch {_epoch + 1}", $"one that leaves {unused} of {_examples} examples out, example {first} the first",
            "one that uses each example once");
    }
}
