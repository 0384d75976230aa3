using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using VaeCluster.Contracts.V1;

namespace VaeCluster.Silo.Health;

/// <summary>Registers the health checks. They answer both grpc.health.v1 and the HTTP probes.</summary>
internal static class HealthHostingExtensions
{
    /// <summary>How often watchers of grpc.health.v1 learn a change.</summary>
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromSeconds(1);

    public static void AddVaeClusterHealth(this IServiceCollection services)
    {
        services.Configure<HealthCheckPublisherOptions>(publisher =>
        {
            publisher.Delay = TimeSpan.Zero;
            publisher.Period = WatchPeriod;
        });
        // It logs an error for each look at a silo that has not joined yet, every second. The checks' owners log what is wrong, once.
        services.AddLogging(logging => logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Critical));
        services
            .AddGrpcHealthChecks(grpc =>
            {
                foreach (var service in VaeclusterReflection.Descriptor.Services)
                    grpc.Services.Map(service.FullName, _ => true);
            })
            .AddCheck<SiloHealthCheck>("silo")
            .AddCheck<DevicesHealthCheck>("devices");
    }

    public static void MapVaeClusterHealth(this WebApplication app)
    {
        app.MapGrpcHealthChecksService();
        // Alive: the process answers. Ready: every check passes.
        app.MapHealthChecks("/healthz", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteAsync }).DisableHttpMetrics();
        app.MapHealthChecks("/readyz", new HealthCheckOptions { ResponseWriter = WriteAsync }).DisableHttpMetrics();
    }

    /// <summary>The status in the first line, then each check with its sentence.</summary>
    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        var checks = report.Entries.Select(entry => $"{entry.Key}: {entry.Value.Status}, {entry.Value.Description}\n");
        return context.Response.WriteAsync($"{report.Status}\n{string.Concat(checks)}", context.RequestAborted);
    }
}
