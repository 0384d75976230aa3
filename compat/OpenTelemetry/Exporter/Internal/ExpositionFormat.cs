using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace OpenTelemetry.Exporter.Internal;

/// <summary>A text format that scrapers may ask for. Names are escaped to underscores in all of them.</summary>
internal sealed record ExpositionFormat(string MediaType, string Version)
{
    private const string TextType = "text/plain";
    private const string OpenMetricsType = "application/openmetrics-text";

    public static readonly ExpositionFormat Text = new(TextType, "0.0.4");
    public static readonly ExpositionFormat OpenMetrics = new(OpenMetricsType, "1.0.0");

    // The first of a media type is what it means without a version.
    private static readonly ExpositionFormat[] All = [Text, new(TextType, "1.0.0"), OpenMetrics, new(OpenMetricsType, "0.0.1")];

    private static readonly string[] Escapings = ["allow-utf-8", "dots", "underscores", "values"];

    public bool IsOpenMetrics => MediaType == OpenMetricsType;

    // From version 1.0.0 on, a format says how its names are escaped.
    public string ContentType =>
        $"{MediaType}; version={Version}; charset=utf-8" + (Version[0] == '0' ? "" : "; escaping=underscores");

    /// <summary>The format that the scraper likes best; the first of its list among equals, and plain text if it knows none.</summary>
    public static ExpositionFormat Negotiate(RequestHeaders headers) => headers.Accept
        .Select(accepted => (Format: Find(accepted), Quality: accepted.Quality ?? 1))
        .Where(candidate => candidate is { Format: not null, Quality: > 0 })
        .OrderByDescending(candidate => candidate.Quality)
        .FirstOrDefault().Format ?? Text;

    private static ExpositionFormat? Find(MediaTypeHeaderValue accepted)
    {
        var version = Parameter(accepted, "version");
        var escaping = Parameter(accepted, "escaping");
        return escaping is not null && !Escapings.Contains(escaping)
            ? null
            : All.FirstOrDefault(f => accepted.MediaType.Equals(f.MediaType, StringComparison.OrdinalIgnoreCase) && (version is null || version == f.Version));
    }

    private static string? Parameter(MediaTypeHeaderValue accepted, string name) =>
        accepted.Parameters.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Value.Value?.Trim('"');
}
