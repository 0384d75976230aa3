using System.Diagnostics.Metrics;
using VaeCluster.Grains;

namespace VaeCluster.Silo.Metrics;

/// <summary>Which version this silo is.</summary>
internal sealed class SiloInstruments
{
    public SiloInstruments(IMeterFactory meters) => meters.Create(VaeClusterMeter.Name).CreateObservableGauge(
        "vaecluster.build.info",
        () => new Measurement<int>(1, new KeyValuePair<string, object?>("version", ProductVersion.Text)),
        description: "Always 1; version is that of this silo.");
}
