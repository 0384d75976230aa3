using System.Diagnostics.Metrics;

namespace VaeCluster.Grains.Trainers;

/// <summary>What a silo measures of its trainers.</summary>
public sealed class TrainerInstruments
{
    private readonly Counter<long> _gradientBytes;
    private int _busy;

    /// <summary>Registers the instruments.</summary>
    public TrainerInstruments(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(VaeClusterMeter.Name);
        meter.CreateObservableGauge("vaecluster_trainers", () => _busy, description: "Trainers of this silo that work for a run.");
        _gradientBytes = meter.CreateCounter<long>("vaecluster_gradient_bytes_total", description: "Bytes that this silo's trainers exchanged with parameter servers; direction is push (gradients) or pull (weights).");
    }

    /// <summary>A trainer has work until the result is disposed.</summary>
    public IDisposable OnBusy()
    {
        Interlocked.Increment(ref _busy);
        return new Busy(this);
    }

    internal void OnPushed(long bytes) => _gradientBytes.Add(bytes, new KeyValuePair<string, object?>("direction", "push"));

    internal void OnPulled(long bytes) => _gradientBytes.Add(bytes, new KeyValuePair<string, object?>("direction", "pull"));

    private sealed class Busy(TrainerInstruments owner) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref owner._busy);
    }
}
