using System.Diagnostics.Metrics;

namespace VaeCluster.Grains.ParameterServer;

/// <summary>What a silo measures of its parameter servers.</summary>
public sealed class ParameterServerInstruments
{
    private readonly Histogram<double> _stepDuration;
    private readonly Histogram<double> _checkpointDuration;
    private readonly Counter<long> _checkpointFailures;
    private readonly Counter<long> _refusedGradients;

    /// <summary>Registers the instruments.</summary>
    public ParameterServerInstruments(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(VaeClusterMeter.Name);
        _stepDuration = meter.CreateHistogram(
            "vaecluster_step_duration_seconds",
            description: "Seconds from one applied step to the next, of all runs whose parameter server this silo hosts.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10] });
        _checkpointDuration = meter.CreateHistogram(
            "vaecluster_checkpoint_duration_seconds",
            description: "Seconds that checkpoints took to write, beside the training.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100] });
        _checkpointFailures = meter.CreateCounter<long>("vaecluster_checkpoint_failures_total", description: "Checkpoints that could not be written.");
        _refusedGradients = meter.CreateCounter<long>("vaecluster_gradients_refused_total", description: "Gradient parts that could not be a part of their run.");
    }

    internal void OnCheckpoint(double seconds) => _checkpointDuration.Record(seconds);

    internal void OnCheckpointFailed() => _checkpointFailures.Add(1);

    internal void OnRefused() => _refusedGradients.Add(1);

    internal void OnStep(double seconds) => _stepDuration.Record(seconds);
}
