using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using VaeCluster.Contracts.Evaluations;
using VaeCluster.Contracts.Runs;

namespace VaeCluster.Grains.Runs;

/// <summary>What a silo measures of the runs that it hosts. A run's series end with the run, or when it moves to another silo.</summary>
public sealed class RunInstruments
{
    private readonly ConcurrentDictionary<string, RunProgress> _runs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, EvaluationReport> _evaluations = new(StringComparer.Ordinal);

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
        EvaluationGauge(meter, "vaecluster_evaluation_elbo_nats", report => report.Elbo, "Evidence lower bound on the held-out examples, nats per example, as the run's last evaluation found it.");
        EvaluationGauge(meter, "vaecluster_evaluation_negative_log_likelihood_nats", report => report.NegativeLogLikelihood, "Negative log-likelihood of the held-out examples by importance sampling, nats per example, as the run's last evaluation found it.");
        EvaluationGauge(meter, "vaecluster_evaluation_active_units", report => report.KlPerDimension.Length > 0 ? report.ActiveUnits : null, "Latent dimensions whose posterior mean has a variance over 0.01, as the run's last evaluation found them.");
        meter.CreateObservableCounter("vaecluster_samples_total", () => Measure(progress => progress.Samples), description: "Examples that the run has used.");
        meter.CreateObservableCounter("vaecluster_steps_total", () => Measure(progress => progress.Step), description: "Steps that the run has applied.");
    }

    internal void OnProgress(string runId, RunProgress progress) => _runs[runId] = progress;

    /// <summary>An evaluation that the run's spec asked for.</summary>
    internal void OnEvaluated(string runId, EvaluationReport report) => _evaluations[runId] = report;

    internal void OnLeft(string runId)
    {
        _runs.TryRemove(runId, out _);
        _evaluations.TryRemove(runId, out _);
    }

    private void Gauge(Meter meter, string name, Func<RunProgress, double> value, string description) =>
        // Before the first logged step there is nothing to report, and a zero would look like a loss.
        meter.CreateObservableGauge(name, () => Measure(value, progress => progress.Samples > 0), description: description);

    private void EvaluationGauge(Meter meter, string name, Func<EvaluationReport, double?> value, string description) =>
        // What a model or its spec has no use for has no series.
        meter.CreateObservableGauge(name, () => _evaluations.Where(run => value(run.Value) is not null).Select(run => new Measurement<double>(value(run.Value)!.Value, new KeyValuePair<string, object?>("run", run.Key))), description: description);

    private IEnumerable<Measurement<T>> Measure<T>(Func<RunProgress, T> value, Func<RunProgress, bool>? isThere = null)
        where T : struct =>
        _runs.Where(run => isThere?.Invoke(run.Value) ?? true).Select(run => new Measurement<T>(value(run.Value), new KeyValuePair<string, object?>("run", run.Key)));
}
