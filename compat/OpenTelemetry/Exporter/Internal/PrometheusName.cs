using System.Text;
using OpenTelemetry.Metrics;

namespace OpenTelemetry.Exporter.Internal;

internal enum PrometheusType
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>
/// What a metric is called when it is scraped. The text format names a counter's family like its series, with
/// <c>_total</c>; OpenMetrics names the family without.
/// </summary>
internal sealed record PrometheusName(string Text, string OpenMetrics, string OpenMetricsFamily, string Unit, PrometheusType Type)
{
    private const string Total = "_total";

    public static PrometheusName Of(Metric metric, bool keepCounterName) =>
        Of(metric.Name, metric.Unit ?? "", TypeOf(metric.MetricType), keepCounterName);

    public static PrometheusName Of(string name, string unit, PrometheusType type, bool keepCounterName)
    {
        unit = PrometheusUnit.Of(unit);
        var isCounter = type == PrometheusType.Counter;

        var text = Sanitize(name);
        if (!text.EndsWith(unit, StringComparison.Ordinal) && !(isCounter && text.EndsWith(unit + Total, StringComparison.Ordinal)))
            text += "_" + unit;
        if (isCounter && !keepCounterName && !text.EndsWith(Total, StringComparison.Ordinal))
            text += Total;

        var family = isCounter && name.EndsWith(Total, StringComparison.Ordinal) ? name[..^Total.Length] : name;
        if (!family.EndsWith(unit, StringComparison.Ordinal))
            family += "_" + unit;
        family = Sanitize(family);
        return new PrometheusName(text, isCounter ? family + Total : family, family, unit, type);
    }

    public string Series(ExpositionFormat format) => format.IsOpenMetrics ? OpenMetrics : Text;

    public string Family(ExpositionFormat format) => format.IsOpenMetrics ? OpenMetricsFamily : Text;

    /// <summary>Everything that a name cannot hold becomes an underscore, and several of them one; so does a leading digit.</summary>
    private static string Sanitize(string name)
    {
        var result = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            if (c == ':' || char.IsAsciiLetter(c) || (char.IsAsciiDigit(c) && result.Length > 0))
                result.Append(c);
            else if (result is not [.., '_'])
                result.Append('_');
        }

        return result.ToString();
    }

    private static PrometheusType TypeOf(MetricType type) => type switch
    {
        MetricType.LongSum or MetricType.DoubleSum => PrometheusType.Counter,
        MetricType.LongGauge or MetricType.DoubleGauge or MetricType.LongSumNonMonotonic or MetricType.DoubleSumNonMonotonic => PrometheusType.Gauge,
        MetricType.Histogram => PrometheusType.Histogram,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "The text formats have no such type."),
    };
}
