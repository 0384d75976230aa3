using Microsoft.AspNetCore.Routing;
using OpenTelemetry.Exporter.Internal;

namespace Microsoft.AspNetCore.Builder;

public static class PrometheusExporterEndpointRouteBuilderExtensions
{
    public static IEndpointConventionBuilder MapPrometheusScrapingEndpoint(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var scrapes = ScrapeEndpoint.Create(endpoints.ServiceProvider);
        return endpoints.Map(scrapes.Path, scrapes.InvokeAsync);
    }

    public static IEndpointConventionBuilder MapPrometheusScrapingEndpoint(this IEndpointRouteBuilder endpoints, string path)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(path);
        return endpoints.Map(ScrapeEndpoint.Rooted(path), ScrapeEndpoint.Create(endpoints.ServiceProvider).InvokeAsync);
    }
}
