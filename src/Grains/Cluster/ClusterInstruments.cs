using System.Diagnostics.Metrics;
using VaeCluster.Contracts.Runs;

namespace VaeCluster.Grains.Cluster;

/// <summary>What the silo that hosts the cluster's registry measures of it. Other silos report nothing, so a sum over silos counts each run once.</summary>
public sealed class ClusterInstruments
{
    private volatile IReadOnlyDictionary<RunPhase, int>? _runs;

    /// <summary>Registers the instruments.</summary>
    public ClusterInstruments(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        meters.Create(VaeClusterMeter.Name).CreateObservableGauge("vaecluster.runs", Measure, "{run}",
            "Runs of the cluster; state is pending, running, succeeded, failed or cancelled.");
    }

    internal void OnCounted(IReadOnlyDictionary<RunPhase, int> runs) => _runs = runs;

    internal void OnLeft() => _runs = null;

    private IEnumerable<Measurement<int>> Measure() =>
        (_runs ?? new Dictionary<RunPhase, int>()).Select(run =>
            new Measurement<int>(run.Value, new KeyValuePair<string, object?>("state", run.Key.ToString().ToLowerInvariant())));
}
