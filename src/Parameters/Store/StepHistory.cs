using System.Collections.Immutable;
using VaeCluster.Contracts.ParameterServer;

namespace VaeCluster.Parameters.Store;

/// <summary>
/// What was measured of the newest steps, in their order and without a hole, until somebody has written it down. Safe to use from many threads.
/// </summary>
public sealed class StepHistory
{
    /// <summary>
    /// Records that are kept until somebody writes them down, who comes several times a second but may find the disk full: minutes' worth
    /// of the fastest steps, and at about 300 bytes each no burden.
    /// </summary>
    private const int KeptMax = 200_000;

    /// <summary>Steps that <see cref="UsualSeconds"/> looks at.</summary>
    private const int UsualOver = 101;

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly Queue<StepRecord> _records;
    private long _lastAt;
    private long _step;

    internal StepHistory(TimeProvider time, long step, IEnumerable<StepRecord> records)
    {
        _time = time;
        _step = step;
        _records = new(records);
        _lastAt = time.GetTimestamp();
    }

    /// <summary>Seconds since the last step was recorded, or since the beginning.</summary>
    public double Age
    {
        get
        {
            lock (_gate)
                return _time.GetElapsedTime(_lastAt).TotalSeconds;
        }
    }

    /// <summary>The median of the seconds that the newest steps took; 0 before the first.</summary>
    public double UsualSeconds
    {
        get
        {
            lock (_gate)
            {
                double[] newest = [.. _records.Skip(_records.Count - UsualOver).Select(record => record.Seconds).Order()];
                return newest.Length == 0 ? 0 : newest[newest.Length / 2];
            }
        }
    }

    /// <summary>The records of the steps after one, oldest first and at most a given number; and the step of the last of them, or the last there is.</summary>
    public (long Step, ImmutableArray<StepRecord> Records) After(long step, int count)
    {
        lock (_gate)
        {
            ImmutableArray<StepRecord> records = [.. _records.SkipWhile(record => record.Step <= step).Take(count)];
            return (records.Length == count ? records[^1].Step : _step, records);
        }
    }

    /// <summary>The records of all steps after one, oldest first.</summary>
    public ImmutableArray<StepRecord> After(long step)
    {
        lock (_gate)
            return [.. _records.SkipWhile(record => record.Step <= step)];
    }

    /// <summary>Forgets the records up to a step, which somebody has written down, but for the newest few.</summary>
    public void Forget(long writtenStep)
    {
        lock (_gate)
        {
            while (_records.Count > UsualOver && _records.Peek().Step <= writtenStep)
                _records.Dequeue();
        }
    }

    /// <summary>Adds the record of the next step, with the seconds since the one before.</summary>
    internal StepRecord Add(StepRecord record)
    {
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            var timed = record with { Seconds = _time.GetElapsedTime(_lastAt, now).TotalSeconds };
            _lastAt = now;
            _step = record.Step;
            _records.Enqueue(timed);
            if (_records.Count > KeptMax)
                _records.Dequeue();
            return timed;
        }
    }
}
