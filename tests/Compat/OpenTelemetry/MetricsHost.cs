using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace VaeCluster.Compat.OpenTelemetry;

/// <summary>A host on a loopback port that exposes what one meter of its own measures.</summary>
internal sealed class MetricsHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private MetricsHost(WebApplication app, Meter meter, ConcurrentQueue<string> log)
    {
        _app = app;
        Meter = meter;
        Log = log;
        _http = new HttpClient { BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()) };
    }

    public Meter Meter { get; }

    public ConcurrentQueue<string> Log { get; }

    public static async Task<MetricsHost> StartAsync(
        Action<PrometheusAspNetCoreOptions>? options = null, Action<MeterProviderBuilder>? metrics = null, Action<WebApplication>? map = null)
    {
        // A name of its own: other tests measure at the same time.
        var meter = new Meter(new MeterOptions($"test-{Guid.NewGuid():N}") { Version = "1.2" });
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var log = new ConcurrentQueue<string>();
        builder.Logging.ClearProviders().AddProvider(new QueueLoggers(log));
        builder.Services.AddOpenTelemetry().WithMetrics(provider =>
        {
            provider.AddMeter(meter.Name).AddPrometheusExporter(exporter =>
            {
                exporter.ScopeInfoEnabled = false;
                exporter.TargetInfoEnabled = false;
                exporter.ScrapeResponseCacheDurationMilliseconds = 0;
                options?.Invoke(exporter);
            });
            metrics?.Invoke(provider);
        });

        var app = builder.Build();
        (map ?? (a => a.MapPrometheusScrapingEndpoint()))(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new MetricsHost(app, meter, log);
    }

    public async Task<string> ScrapeAsync(string? accept = null)
    {
        using var response = await GetAsync("/metrics", accept);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    public Task<HttpResponseMessage> GetAsync(string path, string? accept = null, string? encoding = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        if (encoding is not null)
            request.Headers.TryAddWithoutValidation("Accept-Encoding", encoding);
        return _http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        Meter.Dispose();
    }

    private sealed class QueueLoggers(ConcurrentQueue<string> log) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
