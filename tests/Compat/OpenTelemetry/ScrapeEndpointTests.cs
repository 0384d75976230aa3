using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;

namespace VaeCluster.Compat.OpenTelemetry;

/// <summary>The endpoint: where it is, how it caches, what it does when things fail.</summary>
public sealed class ScrapeEndpointTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Options_ByDefault_AreTheRealOnes()
    {
        var options = new PrometheusAspNetCoreOptions();

        Assert.Equal(("/metrics", false, true, true, 300), (options.ScrapeEndpointPath, options.DisableTotalNameSuffixForCounters, options.ScopeInfoEnabled, options.TargetInfoEnabled, options.ScrapeResponseCacheDurationMilliseconds));
        Assert.Throws<ArgumentOutOfRangeException>(() => options.ScrapeResponseCacheDurationMilliseconds = -1);
    }

    [Theory]
    [InlineData("/here")]
    [InlineData("here")]
    public async Task Map_WithPath_AnswersThere(string path)
    {
        await using var host = await MetricsHost.StartAsync(map: app => app.MapPrometheusScrapingEndpoint(path));
        host.Meter.CreateGauge<int>("g").Record(1);

        Assert.Contains("g{} 1", await (await host.GetAsync("/here")).Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await host.GetAsync("/metrics")).StatusCode);
    }

    [Fact]
    public async Task Map_WithPathInOptions_AnswersThere()
    {
        await using var host = await MetricsHost.StartAsync(o => o.ScrapeEndpointPath = "/there");

        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/there")).StatusCode);
    }

    [Fact]
    public async Task Use_AsMiddleware_Answers()
    {
        await using var host = await MetricsHost.StartAsync(map: app => app
            .UseOpenTelemetryPrometheusScrapingEndpoint()
            .UseOpenTelemetryPrometheusScrapingEndpoint("/second")
            .UseOpenTelemetryPrometheusScrapingEndpoint(context => context.Request.Query.ContainsKey("metrics")));
        host.Meter.CreateGauge<int>("g").Record(1);

        foreach (var path in (string[])["/metrics", "/second", "/anywhere?metrics"])
            Assert.Contains("g{} 1", await (await host.GetAsync(path)).Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Map_WithoutExporter_Throws()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddOpenTelemetry().WithMetrics();
        await using var app = builder.Build();

        var error = Assert.Throws<ArgumentException>(() => app.MapPrometheusScrapingEndpoint());

        Assert.StartsWith("A PrometheusExporter could not be found configured on the provided MeterProvider.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scrape_WithinTheCacheDuration_MeasuresOnceForEachFormat()
    {
        await using var host = await MetricsHost.StartAsync(o => o.ScrapeResponseCacheDurationMilliseconds = 600_000);
        var asked = 0;
        host.Meter.CreateObservableGauge("asked", () => Interlocked.Increment(ref asked));

        var first = await host.ScrapeAsync();
        var second = await host.ScrapeAsync();
        var other = await host.ScrapeAsync("application/openmetrics-text");

        Assert.Equal("# TYPE asked gauge\nasked{} 1\n", first);
        Assert.Equal(first, second);
        Assert.Contains("asked{} 2\n", other, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scrape_WithManyAtOnce_AnswersAllWhole()
    {
        await using var host = await MetricsHost.StartAsync();
        var counter = host.Meter.CreateCounter<long>("steps");
        foreach (var run in Enumerable.Range(0, 200))
            counter.Add(run, new KeyValuePair<string, object?>("run", run));
        using var stop = new CancellationTokenSource();
        var writer = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
                counter.Add(1, new KeyValuePair<string, object?>("run", 0));
        }, Token);

        var texts = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => host.ScrapeAsync(i % 2 == 0 ? null : "application/openmetrics-text")));
        await stop.CancelAsync();
        await writer;

        Assert.All(texts, text => Assert.Equal(200, text.Split('\n').Count(line => line.StartsWith("steps_total{", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task Get_WithGzipAccepted_IsCompressed()
    {
        await using var host = await MetricsHost.StartAsync();
        host.Meter.CreateGauge<int>("g").Record(1);

        using var response = await host.GetAsync("/metrics", encoding: "gzip");
        await using var gzip = new GZipStream(await response.Content.ReadAsStreamAsync(Token), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip);

        Assert.Equal("gzip", response.Content.Headers.ContentEncoding.Single());
        Assert.Equal("Accept-Encoding", response.Headers.Vary.Single());
        Assert.Equal("# TYPE g gauge\ng{} 1\n", await reader.ReadToEndAsync(Token));
    }

    [Fact]
    public async Task Scrape_WhenAnInstrumentThrows_HasTheOthers()
    {
        await using var host = await MetricsHost.StartAsync();
        host.Meter.CreateObservableGauge("bad", int () => throw new InvalidOperationException("the callback's own fault"));
        host.Meter.CreateGauge<int>("good").Record(1);

        Assert.Contains("good{} 1\n", await host.ScrapeAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scrape_WhenALabelThrows_FailsAndIsLogged()
    {
        await using var host = await MetricsHost.StartAsync();
        host.Meter.CreateGauge<int>("g").Record(1, new KeyValuePair<string, object?>("label", new Unprintable()));

        using var response = await host.GetAsync("/metrics");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Contains(host.Log, line => line.StartsWith("Error: The metrics could not be scraped.", StringComparison.Ordinal) && line.Contains("unprintable", StringComparison.Ordinal));
    }

    private sealed class Unprintable
    {
        public override string ToString() => throw new InvalidOperationException("unprintable");
    }
}
