using System.Text.RegularExpressions;
using OpenTelemetry.Metrics;

namespace VaeCluster.Compat.OpenTelemetry;

/// <summary>The other dialect, and which one a scraper gets.</summary>
public sealed partial class OpenMetricsTests
{
    private const string OpenMetrics = "application/openmetrics-text";

    [Fact]
    public async Task Scrape_OfOpenMetrics_SaysUnitAndCreatedAndEnd()
    {
        await using var host = await MetricsHost.StartAsync(metrics: m => m.AddView("size", new ExplicitBucketHistogramConfiguration { Boundaries = [1, 1e6] }));
        host.Meter.CreateCounter<long>("io", unit: "By", description: "A \"quoted\" help.").Add(2);
        host.Meter.CreateHistogram<long>("size").Record(5);
        host.Meter.CreateGauge<int>("level").Record(1);

        Assert.Equal(
            """
            # TYPE io_bytes counter
            # UNIT io_bytes bytes
            # HELP io_bytes A \"quoted\" help.
            io_bytes_total{} 2
            io_bytes_created{} TIME
            # TYPE level gauge
            level{} 1
            # TYPE size histogram
            size_bucket{le="1.0"} 0
            size_bucket{le="1e+06"} 1
            size_bucket{le="+Inf"} 1
            size_sum{} 5
            size_count{} 1
            size_created{} TIME
            # EOF

            """,
            Created().Replace(await host.ScrapeAsync(OpenMetrics), "_created{} TIME"));
    }

    [Fact]
    public async Task Scrape_OfOpenMetricsWithNegativeBounds_HasNoSum()
    {
        await using var host = await MetricsHost.StartAsync(metrics: m => m.AddView("delta", new ExplicitBucketHistogramConfiguration { Boundaries = [-1, 1] }));
        host.Meter.CreateHistogram<int>("delta").Record(0);

        Assert.DoesNotContain("_sum", await host.ScrapeAsync(OpenMetrics), StringComparison.Ordinal);
        Assert.Contains("_sum", await host.ScrapeAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("*/*", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("text/html, application/json", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData(OpenMetrics, "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores")]
    [InlineData(OpenMetrics + ";version=0.0.1", "application/openmetrics-text; version=0.0.1; charset=utf-8")]
    [InlineData(OpenMetrics + ";version=9", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData(OpenMetrics + ";q=0", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData(OpenMetrics + ";escaping=runes", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData(OpenMetrics + ";q=0.5, text/plain;q=0.7", "text/plain; version=0.0.4; charset=utf-8")]
    // What Prometheus 2.42 and 3 send.
    [InlineData("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores")]
    [InlineData("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.6", "text/plain; version=1.0.0; charset=utf-8; escaping=underscores")]
    public async Task Get_WithAccept_AnswersInThatFormat(string? accept, string contentType)
    {
        await using var host = await MetricsHost.StartAsync();
        host.Meter.CreateGauge<int>("g").Record(1);

        using var response = await host.GetAsync("/metrics", accept);

        Assert.Equal(contentType, response.Content.Headers.NonValidated["Content-Type"].ToString());
        Assert.NotNull(response.Content.Headers.LastModified);
    }

    [GeneratedRegex(@"_created\{\} \d{10}(\.\d+)?(?=\n)")]
    private static partial Regex Created();
}
