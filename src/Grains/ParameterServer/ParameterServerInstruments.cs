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
            "vaecluster.step.duration",
            unit: "s",
            description: "Duration from one applied step to the next, over the runs whose parameter server this silo hosts.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10] });
        _checkpointDuration = meter.CreateHistogram(
            "vaecluster.checkpoint.duration",
            unit: "s",
            description: "Duration of writing a checkpoint, beside the training.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100] });
        _checkpointFailures = meter.CreateCounter<long>("vaecluster.checkpoint.failures", unit: "{checkpoint}",
            description: "Checkpoints that could not be written.");
        _refusedGradients = meter.CreateCounter<long>("vaecluster.gradients.refused", unit: "{gradient}",
            description: "Gradients that were refused: wrong length, shards, step or values.");
    }

    internal void OnCheckpoint(double seconds) => _checkpointDuration.Record(seconds);

    internal void OnCheckpointFailed() => _checkpointFailures.Add(1);

    internal void OnRefused() => _refusedGradients.Add(1);

    internal void OnStep(double seconds) => _stepDuration.Record(seconds);
}
