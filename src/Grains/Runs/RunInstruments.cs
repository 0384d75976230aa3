using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using VaeCluster.Contracts.Runs;

namespace VaeCluster.Grains.Runs;

/// <summary>What a silo measures of the runs that it hosts. A run's series end with the run, or when it moves to another silo.</summary>
public sealed class RunInstruments
{
    private readonly ConcurrentDictionary<string, RunProgress> _runs = new(StringComparer.Ordinal);

    /// <summary>Registers the instruments.</summary>
    public RunInstruments(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(VaeClusterMeter.Name);
        Gauge(meter, "vaecluster_elbo_nats", progress => progress.Elbo, "Evidence lower bound of the run, nats per example, mean over the last logged steps.");
        Gauge(meter, "vaecluster_reconstruction_nats", progress => progress.Reconstruction, "Reconstruction term of the run, nats per example.");
        Gauge(meter, "vaecluster_kl_nats", progress => progress.Kl, "KL term of the run, unweighted, nats per example.");
        Gauge(meter, "vaecluster_beta", progress => progress.Beta, "Weight of the run's KL term.");
        Gauge(meter, "vaecluster_posterior_collapsed", progress => progress.IsCollapsed ? 1 : 0, "1 while the run's mean KL is below its threshold, else 0.");
        meter.CreateObservableCounter("vaecluster_samples_total", () => Measure(progress => progress.Samples), description: "Examples that the run has used.");
        meter.CreateObservableCounter("vaecluster_steps_total", () => Measure(progress => progress.Step), description: "Steps that the run has applied.");
    }

    internal void OnProgress(string runId, RunProgress progress) => _runs[runId] = progress;

    internal void OnLeft(string runId) => _runs.TryRemove(runId, out _);

    private void Gauge(Meter meter, string name, Func<RunProgress, double> value, string description) =>
        // Before the first logged step there is nothing to report, and a zero would look like a loss.
        meter.CreateObservableGauge(name, () => Measure(value, progress => progress.Samples > 0), description: description);

    private IEnumerable<Measurement<T>> Measure<T>(Func<RunProgress, T> value, Func<RunProgress, bool>? isThere = null)
        where T : struct =>
        _runs.Where(run => isThere?.Invoke(run.Value) ?? true).Select(run => new Measurement<T>(value(run.Value), new KeyValuePair<string, object?>("run", run.Key)));
}
