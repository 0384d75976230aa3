using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace OpenTelemetry.Exporter.Internal;

/// <summary>The metrics of one name: a family has one type, one unit and one help text.</summary>
internal sealed record MetricFamily(PrometheusName Name, string? Help, IReadOnlyList<Metric> Metrics);

/// <summary>Puts metrics of the same name together, whichever meter they are from.</summary>
internal sealed partial class MetricFamilies(bool keepCounterNames, ILogger logger)
{
    // Names are made once: a scrape comes every few seconds, for as long as the process lives.
    private readonly ConditionalWeakTable<Metric, PrometheusName> _names = [];
    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);

    /// <summary>
    /// The families in the order of their names. Metrics of one name but different types cannot be told apart by a
    /// scraper: none of them is exposed.
    /// </summary>
    public IEnumerable<MetricFamily> Group(in Batch<Metric> batch, ExpositionFormat format)
    {
        var metrics = new List<(Metric Metric, PrometheusName Name)>();
        foreach (var metric in batch)
        {
            // The text formats cannot express exponential histograms.
            if (metric.MetricType != MetricType.ExponentialHistogram)
                metrics.Add((metric, _names.GetValue(metric, m => PrometheusName.Of(m, keepCounterNames))));
        }

        return metrics
            .GroupBy(entry => entry.Name.Family(format), StringComparer.Ordinal)
            .Where(family => HasOneType(family.Key, [.. family.Select(entry => entry.Name.Type).Distinct()]))
            .OrderBy(family => family.Key, StringComparer.Ordinal)
            .Select(Family);
    }

    private bool HasOneType(string name, PrometheusType[] types)
    {
        if (types.Length == 1)
            return true;

        // Once, not at every scrape.
        if (_reported.Add(name))
            TypesConflict(logger, name, string.Join(" and ", types));
        return false;
    }

    private static MetricFamily Family(IEnumerable<(Metric Metric, PrometheusName Name)> entries)
    {
        var family = entries.ToList();
        var named = family.Find(entry => entry.Name.Unit.Length > 0);
        return new MetricFamily(
            named.Name ?? family[0].Name,
            family.Select(entry => entry.Metric.Description).FirstOrDefault(text => !string.IsNullOrEmpty(text)),
            [.. family.Select(entry => entry.Metric).OrderBy(m => m.MeterName, StringComparer.Ordinal).ThenBy(m => m.Name, StringComparer.Ordinal)]);
    }

    [LoggerMessage(2, LogLevel.Warning, "The metric '{Name}' is not exposed: it is recorded as {Types}. Give one of its instruments another name.")]
    private static partial void TypesConflict(ILogger logger, string name, string types);
}
