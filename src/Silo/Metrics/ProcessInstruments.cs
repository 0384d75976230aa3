using System.Diagnostics;
using System.Diagnostics.Metrics;
using VaeCluster.Grains;

namespace VaeCluster.Silo.Metrics;

/// <summary>What every Prometheus client tells of its process, under the names that dashboards and alerts everywhere ask for.</summary>
internal sealed class ProcessInstruments
{
    public ProcessInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(VaeClusterMeter.Name);
        using var self = Process.GetCurrentProcess();
        var startedAt = new DateTimeOffset(self.StartTime).ToUnixTimeMilliseconds() / 1000.0;
        meter.CreateObservableCounter("process_cpu_seconds_total", () => Environment.CpuUsage.TotalTime.TotalSeconds, description: "Seconds of processor time, user and system together.");
        meter.CreateObservableGauge("process_resident_memory_bytes", () => Environment.WorkingSet, description: "Bytes of memory that are resident; native tensors are among them.");
        meter.CreateObservableGauge("process_start_time_seconds", () => startedAt, description: "When the process started, in seconds since 1970.");
        meter.CreateObservableGauge("process_open_fds", CountOpenFiles, description: "Files and sockets that are open; absent where the system does not tell.");
        meter.CreateObservableGauge("vaecluster_build_info", () => new Measurement<int>(1, new KeyValuePair<string, object?>("version", ProductVersion.Text)), description: "Always 1; version is that of this silo.");
    }

    private static IEnumerable<Measurement<int>> CountOpenFiles()
    {
        var folder = new DirectoryInfo("/proc/self/fd");
        if (folder.Exists)
            yield return new Measurement<int>(folder.EnumerateFileSystemInfos().Count());
    }
}
