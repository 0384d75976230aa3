using OpenTelemetry.Metrics;
using VaeCluster.Grains;
using VaeCluster.Grains.Trainers;
using VaeCluster.Silo.Devices;

namespace VaeCluster.Silo.Metrics;

/// <summary>Serves /metrics for Prometheus and the two probes for Kubernetes.</summary>
internal static class MetricsHostingExtensions
{
    public static void AddVaeClusterMetrics(this IServiceCollection services) => services
        .AddSingleton<ProcessInstruments>()
        .AddOpenTelemetry()
        .WithMetrics(metrics => metrics
            .AddMeter(VaeClusterMeter.Name)
            // The runtime's own: memory, processor time, garbage collection, thread pool.
            .AddMeter("System.Runtime")
            // The suffix _count belongs to histograms, so Prometheus' linter refuses these names.
            .AddView("dotnet.assembly.count", MetricStreamConfiguration.Drop)
            .AddView("dotnet.timer.count", MetricStreamConfiguration.Drop)
            .AddView("dotnet.process.cpu.count", "dotnet.process.cpus")
            .AddPrometheusExporter(exporter =>
            {
                // Names are written as they are scraped; the scope would only add a label with the same value everywhere.
                exporter.ScopeInfoEnabled = false;
                exporter.TargetInfoEnabled = false;
            }));

    public static void MapVaeClusterMetrics(this WebApplication app)
    {
        // Nobody else asks for these so early, and a silo that has not trained yet is to report that, rather than nothing.
        _ = app.Services.GetRequiredService<ProcessInstruments>();
        _ = app.Services.GetRequiredService<TrainerInstruments>();
        app.MapPrometheusScrapingEndpoint("/metrics");
        // Alive: the process answers. Ready: the cluster knows this silo.
        app.MapGet("/healthz", () => "ok\n");
        app.MapGet("/readyz", (DeviceAnnouncer announcer) => announcer.HasAnnounced ? Results.Text("ok\n") : Results.Text("not in the cluster yet\n", statusCode: StatusCodes.Status503ServiceUnavailable));
    }
}
