namespace OpenTelemetry.Exporter;

public class PrometheusAspNetCoreOptions
{
    internal const string DefaultScrapeEndpointPath = "/metrics";

    /// <summary>Where the metrics are, when no path is given where they are mapped.</summary>
    /// <value>/metrics</value>
    public string? ScrapeEndpointPath { get; set; } = DefaultScrapeEndpointPath;

    /// <summary>Whether counters keep their names in the text format, without <c>_total</c>. OpenMetrics demands it.</summary>
    /// <value>false</value>
    public bool DisableTotalNameSuffixForCounters { get; set; }

    /// <summary>Whether each series says its meter, as <c>otel_scope_*</c> labels.</summary>
    /// <value>true</value>
    public bool ScopeInfoEnabled { get; set; } = true;

    /// <summary>Whether the resource's attributes are exposed, as the labels of <c>target_info</c>.</summary>
    /// <value>true</value>
    public bool TargetInfoEnabled { get; set; } = true;

    /// <summary>How long a response is given again without measuring, in milliseconds; 0 is never.</summary>
    /// <value>300</value>
    public int ScrapeResponseCacheDurationMilliseconds
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    } = 300;
}
