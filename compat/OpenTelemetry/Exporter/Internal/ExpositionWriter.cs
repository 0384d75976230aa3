using System.Globalization;
using System.Text;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace OpenTelemetry.Exporter.Internal;

/// <summary>Writes the text that Prometheus reads, in either of the two dialects.</summary>
internal sealed class ExpositionWriter(ExpositionFormat format, bool writeScope)
{
    private readonly StringBuilder _text = new();

    public void WriteTarget(Resource resource)
    {
        var labels = new LabelSet();
        foreach (var (key, value) in resource.Attributes)
            labels.Add(key, value);
        if (labels.IsEmpty)
            return;

        // Plain text has no info type: a gauge that is always 1 stands for it.
        var family = format.IsOpenMetrics ? "target" : "target_info";
        Line($"# TYPE {family} {(format.IsOpenMetrics ? "info" : "gauge")}");
        Line($"# HELP {family} Target metadata");
        Line($"target_info{labels} 1");
    }

    public void WriteFamily(MetricFamily family)
    {
        var name = family.Name.Family(format);
        Line($"# TYPE {name} {family.Name.Type.ToString().ToLowerInvariant()}");
        if (format.IsOpenMetrics && family.Name.Unit.Length > 0)
            Line($"# UNIT {name} {family.Name.Unit}");
        if (family.Help is not null)
            Line($"# HELP {name} {Escaping.Help(family.Help, format)}");

        foreach (var metric in family.Metrics)
        {
            foreach (ref readonly var point in metric.GetMetricPoints())
                WritePoint(family.Name, metric, point);
        }
    }

    public string Finish()
    {
        if (format.IsOpenMetrics)
            Line($"# EOF");
        return _text.ToString();
    }

    private void WritePoint(PrometheusName name, Metric metric, in MetricPoint point)
    {
        if (name.Type == PrometheusType.Histogram)
            WriteHistogram(name.Family(format), metric, point);
        else
            Line($"{name.Series(format)}{Labels(metric, point)} {Value(metric.MetricType, point)}");

        if (format.IsOpenMetrics && name.Type != PrometheusType.Gauge)
            Line($"{name.Family(format)}_created{Labels(metric, point)} {Numbers.Value((point.StartTime - DateTimeOffset.UnixEpoch).TotalSeconds)}");
    }

    private void WriteHistogram(string name, Metric metric, in MetricPoint point)
    {
        var labels = Labels(metric, point);
        var total = 0L;
        var hasNegativeBounds = false;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            total += bucket.BucketCount;
            hasNegativeBounds |= bucket.ExplicitBound < 0;
            var bound = format.IsOpenMetrics ? Numbers.Canonical(bucket.ExplicitBound) : Numbers.Value(bucket.ExplicitBound);
            Line($"{name}_bucket{labels.With("le", bound)} {total}");
        }

        // With negative values the sum may fall, which OpenMetrics does not allow.
        if (format.IsOpenMetrics && hasNegativeBounds)
            return;

        Line($"{name}_sum{labels} {Numbers.Value(point.GetHistogramSum())}");
        Line($"{name}_count{labels} {point.GetHistogramCount()}");
    }

    private LabelSet Labels(Metric metric, in MetricPoint point)
    {
        var labels = new LabelSet();
        if (writeScope)
            labels.AddScope(metric);
        foreach (var (key, value) in point.Tags)
        {
            // The buckets' own label.
            if (metric.MetricType != MetricType.Histogram || LabelSet.NameOf(key) != "le")
                labels.Add(key, value);
        }

        return labels;
    }

    private static string Value(MetricType type, in MetricPoint point) => type switch
    {
        MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong().ToString(CultureInfo.InvariantCulture),
        MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => Numbers.Value(point.GetSumDouble()),
        MetricType.LongGauge => point.GetGaugeLastValueLong().ToString(CultureInfo.InvariantCulture),
        _ => Numbers.Value(point.GetGaugeLastValueDouble()),
    };

    private void Line(FormattableString line) => _text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
