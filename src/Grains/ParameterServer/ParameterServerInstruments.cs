using System.Diagnostics.Metrics;

namespace VaeCluster.Grains.ParameterServer;

/// <summary>What a silo measures of its parameter servers.</summary>
public sealed class ParameterServerInstruments
{
    private readonly Histogram<double> _stepDuration;

    /// <summary>Registers the instruments.</summary>
    public ParameterServerInstruments(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _stepDuration = meters.Create(VaeClusterMeter.Name).CreateHistogram(
            "vaecluster_step_duration_seconds",
            description: "Seconds from one applied step to the next, of all runs whose parameter server this silo hosts.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10] });
    }

    internal void OnStep(double seconds) => _stepDuration.Record(seconds);
}
