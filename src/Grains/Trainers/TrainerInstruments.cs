using System.Diagnostics.Metrics;

namespace VaeCluster.Grains.Trainers;

/// <summary>What a silo measures of its trainers.</summary>
public sealed class TrainerInstruments
{
    private readonly Counter<long> _exchangedBytes;
    private readonly Counter<long> _clampedValues;
    private int _busy;

    /// <summary>Registers the instruments.</summary>
    public TrainerInstruments(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(VaeClusterMeter.Name);
        meter.CreateObservableGauge("vaecluster.trainers", () => _busy, "{trainer}", "Trainers of this silo that train a run now.");
        _exchangedBytes = meter.CreateCounter<long>("vaecluster.trainer.io", "By",
            "Bytes that this silo's trainers exchanged with parameter servers; direction is push (gradients) or pull (weights).");
        _clampedValues = meter.CreateCounter<long>("vaecluster.trainer.clamped", "{value}",
            "Values of gradients that were beyond the largest that training.compression int8 had for them.");
    }

    /// <summary>A trainer has work until the result is disposed.</summary>
    public IDisposable OnBusy()
    {
        Interlocked.Increment(ref _busy);
        return new Busy(this);
    }

    internal void OnPushed(long bytes, long clampedValues)
    {
        _exchangedBytes.Add(bytes, new KeyValuePair<string, object?>("direction", "push"));
        _clampedValues.Add(clampedValues);
    }

    internal void OnPulled(long bytes) => _exchangedBytes.Add(bytes, new KeyValuePair<string, object?>("direction", "pull"));

    private sealed class Busy(TrainerInstruments owner) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref owner._busy);
    }
}
