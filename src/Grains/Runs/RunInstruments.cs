using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using VaeCluster.Contracts.Evaluations;
using VaeCluster.Contracts.Runs;

namespace VaeCluster.Grains.Runs;

/// <summary>What a silo measures of the runs that it hosts. A run's series end with the run, or when it moves to another silo.</summary>
public sealed class RunInstruments
{
    /// <summary>No unit of UCUM, so Prometheus gets it as the suffix <c>_nats</c>.</summary>
    private const string Nats = "nats";

    private readonly ConcurrentDictionary<string, RunProgress> _runs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, EvaluationReport> _evaluations = new(StringComparer.Ordinal);

    /// <summary>Registers the instruments.</summary>
    public RunInstruments(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(VaeClusterMeter.Name);
        Gauge(meter, "vaecluster.elbo", Nats, progress => progress.Elbo,
            "Evidence lower bound on training data, nats per example, mean over the last logged steps; run is the run's id.");
        Gauge(meter, "vaecluster.reconstruction", Nats, progress => progress.Reconstruction,
            "Reconstruction term of the objective, nats per example; run is the run's id.");
        Gauge(meter, "vaecluster.kl", Nats, progress => progress.Kl, "KL term of the objective, unweighted, nats per example; run is the run's id.");
        Gauge(meter, "vaecluster.beta", null, progress => progress.Beta, "Weight of the KL term in the objective; run is the run's id.");
        Gauge(meter, "vaecluster.posterior.collapsed", null, progress => progress.IsCollapsed ? 1 : 0,
            "1 while the mean KL is below the run's threshold, else 0; run is the run's id.");
        EvaluationGauge(meter, "vaecluster.evaluation.elbo", Nats, report => report.Elbo,
            "Evidence lower bound on the held-out examples, nats per example, in the run's last evaluation; run is the run's id.");
        EvaluationGauge(meter, "vaecluster.evaluation.negative_log_likelihood", Nats, report => report.NegativeLogLikelihood,
            "Negative log-likelihood of the held-out examples by importance sampling, nats per example, in the run's last evaluation; run is the run's id.");
        EvaluationGauge(
            meter,
            "vaecluster.evaluation.active_units",
            "{dimension}",
            report => report.KlPerDimension.Length > 0 ? report.ActiveUnits : null,
            "Latent dimensions whose posterior mean has a variance over 0.01, in the run's last evaluation; run is the run's id.");
        meter.CreateObservableCounter("vaecluster.samples", () => Measure(progress => progress.Samples), "{example}",
            "Examples that the run has used; run is the run's id.");
        meter.CreateObservableCounter("vaecluster.steps", () => Measure(progress => progress.Step), "{step}",
            "Steps that the run has applied; run is the run's id.");
    }

    internal void OnProgress(string runId, RunProgress progress) => _runs[runId] = progress;

    /// <summary>An evaluation that the run's spec asked for.</summary>
    internal void OnEvaluated(string runId, EvaluationReport report) => _evaluations[runId] = report;

    internal void OnLeft(string runId)
    {
        _runs.TryRemove(runId, out _);
        _evaluations.TryRemove(runId, out _);
    }

    private void Gauge(Meter meter, string name, string? unit, Func<RunProgress, double> value, string description) =>
        // Before the first logged step there is nothing to report, and a zero would look like a loss.
        meter.CreateObservableGauge(name, () => Measure(value, progress => progress.Samples > 0), unit, description);

    private void EvaluationGauge(Meter meter, string name, string unit, Func<EvaluationReport, double?> value, string description) =>
        // A value that the model or its spec does not have has no series.
        meter.CreateObservableGauge(
            name,
            () =>
                _evaluations.Where(run => value(run.Value) is not null)
                    .Select(run => new Measurement<double>(value(run.Value)!.Value, new KeyValuePair<string, object?>("run", run.Key))),
            unit,
            description);

    private IEnumerable<Measurement<T>> Measure<T>(Func<RunProgress, T> value, Func<RunProgress, bool>? isThere = null)
        where T : struct =>
        _runs.Where(run => isThere?.Invoke(run.Value) ?? true)
            .Select(run => new Measurement<T>(value(run.Value), new KeyValuePair<string, object?>("run", run.Key)));
}
