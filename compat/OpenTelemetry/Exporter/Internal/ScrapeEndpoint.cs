using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using OpenTelemetry.Metrics;

namespace OpenTelemetry.Exporter.Internal;

/// <summary>Answers scrapes.</summary>
internal sealed partial class ScrapeEndpoint(PrometheusExporter exporter, string path, ILogger logger)
{
    public string Path => path;

    public static ScrapeEndpoint Create(IServiceProvider services)
    {
        // First the provider: what adds the exporter and its options may wait until it is made.
        _ = services.GetRequiredService<MeterProvider>();
        var exporter = services.GetService<PrometheusExporters>()?.First
            ?? throw new ArgumentException("A PrometheusExporter could not be found configured on the provided MeterProvider. Call AddPrometheusExporter() inside WithMetrics(...).");
        var options = services.GetRequiredService<IOptions<PrometheusAspNetCoreOptions>>().Value;
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("OpenTelemetry.Exporter.Prometheus");
        return new ScrapeEndpoint(exporter, Rooted(options.ScrapeEndpointPath ?? PrometheusAspNetCoreOptions.DefaultScrapeEndpointPath), logger);
    }

    public static string Rooted(string path) => path.StartsWith('/') ? path : "/" + path;

    public async Task InvokeAsync(HttpContext context)
    {
        var format = ExpositionFormat.Negotiate(context.Request.GetTypedHeaders());
        try
        {
            var scrape = await exporter.ScrapeAsync(format, context.RequestAborted);
            if (scrape.Content.Length > 0)
                await AnswerAsync(context, format, scrape);
        }
        catch (Exception ex) when (!context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted)
        {
            // A scraper sees that it failed; why is for the operator.
            ScrapeFailed(logger, ex);
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }

    private static async Task AnswerAsync(HttpContext context, ExpositionFormat format, Scrape scrape)
    {
        var response = context.Response;
        response.ContentType = format.ContentType;
        response.Headers.LastModified = HeaderUtilities.FormatDate(scrape.Time);
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (!AcceptsGzip(context.Request))
        {
            await response.BodyWriter.WriteAsync(scrape.Content, context.RequestAborted);
            return;
        }

        response.Headers.ContentEncoding = "gzip";
        await using var gzip = new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true);
        await gzip.WriteAsync(scrape.Content, context.RequestAborted);
    }

    private static bool AcceptsGzip(HttpRequest request) => request.GetTypedHeaders().AcceptEncoding
        .Any(encoding => encoding.Quality is not 0 && encoding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase));

    [LoggerMessage(1, LogLevel.Error, "The metrics could not be scraped.")]
    private static partial void ScrapeFailed(ILogger logger, Exception exception);
}
