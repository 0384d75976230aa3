using OpenTelemetry.Metrics;
using VaeCluster.Grains;
using VaeCluster.Grains.Trainers;

namespace VaeCluster.Silo.Metrics;

/// <summary>Serves /metrics for Prometheus.</summary>
internal static class MetricsHostingExtensions
{
    public static void AddVaeClusterMetrics(this IServiceCollection services) => services
        .AddSingleton<SiloInstruments>()
        .AddOpenTelemetry()
        .WithMetrics(metrics => metrics
            .AddMeter(VaeClusterMeter.Name)
            .AddMeter("Microsoft.Orleans")
            .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")
            .AddRuntimeInstrumentation()
            .AddProcessInstrumentation()
            .AddLibraryViews()
            .AddPrometheusExporter(exporter =>
            {
                // The scope would only add a label with the same value everywhere.
                exporter.ScopeInfoEnabled = false;
                exporter.TargetInfoEnabled = false;
            }));

    public static void MapVaeClusterMetrics(this WebApplication app)
    {
        // Nobody else asks for these so early, and a silo that has not trained yet is to report that, rather than nothing.
        _ = app.Services.GetRequiredService<SiloInstruments>();
        _ = app.Services.GetRequiredService<TrainerInstruments>();
        app.MapPrometheusScrapingEndpoint("/metrics").DisableHttpMetrics();
    }
}
