using System.Collections.Immutable;
using VaeCluster.Contracts.ParameterServer;

namespace VaeCluster.Training.Parameters;

/// <summary>
/// What was measured of the newest steps, in their order and without a hole, until somebody has written it down. Safe to use from many threads.
/// </summary>
public sealed class StepHistory
{
    /// <summary>Records that are kept; whoever writes them down comes several times a second, so this is minutes' worth.</summary>
    private const int KeptMax = 8192;

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly Queue<StepRecord> _records;
    private long _lastAt;
    private long _step;

    internal StepHistory(TimeProvider time, long step, IEnumerable<StepRecord> records) =>
        (_time, _step, _records, _lastAt) = (time, step, new(records), time.GetTimestamp());

    /// <summary>The last step that was recorded, and the records of those after a step, oldest first.</summary>
    public (long Step, ImmutableArray<StepRecord> Records) After(long step)
    {
        lock (_gate)
            return (_step, [.. _records.Where(record => record.Step > step)]);
    }

    /// <summary>Adds the record of the next step, with the seconds since the one before.</summary>
    internal StepRecord Add(StepRecord record)
    {
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            var timed = record with { Seconds = _time.GetElapsedTime(_lastAt, now).TotalSeconds };
            (_lastAt, _step) = (now, record.Step);
            _records.Enqueue(timed);
            if (_records.Count > KeptMax)
                _records.Dequeue();
            return timed;
        }
    }
}
