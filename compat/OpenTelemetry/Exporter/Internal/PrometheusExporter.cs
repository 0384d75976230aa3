using System.Text;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace OpenTelemetry.Exporter.Internal;

/// <summary>Is asked for the metrics by scrapes, and asks the SDK to measure. It keeps its own last answers for a moment.</summary>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusExporter(PrometheusAspNetCoreOptions options, ILogger logger) : BaseExporter<Metric>, IPullMetricExporter
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Dictionary<ExpositionFormat, Scrape> _last = [];
    private readonly TimeSpan _cacheDuration = TimeSpan.FromMilliseconds(options.ScrapeResponseCacheDurationMilliseconds);
    private readonly MetricFamilies _families = new(options.DisableTotalNameSuffixForCounters, logger);
    private Func<Batch<Metric>, ExportResult>? _onExport;

    public Func<int, bool>? Collect { get; set; }

    /// <summary>The metrics as they are, or as they were a moment ago. Scrapes that come together measure one after the other.</summary>
    public async Task<Scrape> ScrapeAsync(ExpositionFormat format, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_last.TryGetValue(format, out var last) && last.Age < _cacheDuration)
                return last;

            return _last[format] = Measure(format);
        }
        finally
        {
            _gate.Release();
        }
    }

    public override ExportResult Export(in Batch<Metric> batch) =>
        _onExport?.Invoke(batch) ?? ExportResult.Failure;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _gate.Dispose();
        base.Dispose(disposing);
    }

    private Scrape Measure(ExpositionFormat format)
    {
        Scrape? result = null;
        Exception? failure = null;
        // Collect calls Export on this thread, and swallows what it throws.
        _onExport = batch =>
        {
            try
            {
                result = new Scrape(Encoding.UTF8.GetBytes(Write(batch, format)));
                return ExportResult.Success;
            }
            catch (Exception ex)
            {
                failure = ex;
                return ExportResult.Failure;
            }
        };
        try
        {
            var isCollected = Collect!(Timeout.Infinite);
            return isCollected && result is not null ? result : throw new InvalidOperationException("The metrics could not be collected.", failure);
        }
        finally
        {
            _onExport = null;
        }
    }

    private string Write(in Batch<Metric> batch, ExpositionFormat format)
    {
        var writer = new ExpositionWriter(format, options.ScopeInfoEnabled);
        if (options.TargetInfoEnabled)
            writer.WriteTarget(ParentProvider.GetResource());
        foreach (var family in _families.Group(batch, format))
            writer.WriteFamily(family);
        return writer.Finish();
    }
}

/// <summary>The exporters of a host; scrapes go to the first.</summary>
internal sealed class PrometheusExporters
{
    public PrometheusExporter? First { get; private set; }

    public void Add(PrometheusExporter exporter) => First ??= exporter;
}
