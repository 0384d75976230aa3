using Microsoft.AspNetCore.Http;
using OpenTelemetry.Exporter.Internal;

namespace Microsoft.AspNetCore.Builder;

public static class PrometheusExporterApplicationBuilderExtensions
{
    public static IApplicationBuilder UseOpenTelemetryPrometheusScrapingEndpoint(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var scrapes = ScrapeEndpoint.Create(app.ApplicationServices);
        return app.Map(scrapes.Path, branch => branch.Run(scrapes.InvokeAsync));
    }

    public static IApplicationBuilder UseOpenTelemetryPrometheusScrapingEndpoint(this IApplicationBuilder app, string path)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(path);
        var scrapes = ScrapeEndpoint.Create(app.ApplicationServices);
        return app.Map(ScrapeEndpoint.Rooted(path), branch => branch.Run(scrapes.InvokeAsync));
    }

    public static IApplicationBuilder UseOpenTelemetryPrometheusScrapingEndpoint(this IApplicationBuilder app, Func<HttpContext, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(predicate);
        var scrapes = ScrapeEndpoint.Create(app.ApplicationServices);
        return app.MapWhen(predicate, branch => branch.Run(scrapes.InvokeAsync));
    }
}
